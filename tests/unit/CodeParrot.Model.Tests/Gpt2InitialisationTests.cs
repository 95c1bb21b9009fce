using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Model.Tests;

public class Gpt2InitialisationTests
{
    private static readonly Gpt2Config _config = TinyModel.Config with { Width = 96, Layers = 3 };

    [Fact]
    public void A_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        using var model = new Gpt2(_config);
        var threads = torch.get_num_threads();
        model.Initialise(5);
        var first = TinyModel.Values(model.Parameters);

        torch.set_num_threads(threads == 1 ? 2 : 1);
        model.Initialise(5);
        torch.set_num_threads(threads);

        Assert.Equal(first, TinyModel.Values(model.Parameters));
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        using var model = new Gpt2(_config);
        model.Initialise(5);
        var first = TinyModel.Values(model.Parameters);

        model.Initialise(6);

        Assert.NotEqual(first, TinyModel.Values(model.Parameters));
    }

    [Theory]
    [InlineData("transformer.wte.weight", 0.02)]
    [InlineData("transformer.h.1.attn.c_attn.weight", 0.02)]
    [InlineData("transformer.h.1.attn.c_proj.weight", 0.00816)] // 0.02 / sqrt(2 * 3)
    [InlineData("transformer.h.2.mlp.c_proj.weight", 0.00816)]
    public void Matrices_have_the_deviation_of_gpt2(string name, double expected)
    {
        using var model = TinyModel.New(config: _config);

        var values = Slot(model, name);

        var deviation = Math.Sqrt(values.Average(x => (double)x * x));
        Assert.InRange(deviation / expected, 0.95, 1.05);
        Assert.InRange(values.Average(), -0.05 * expected, 0.05 * expected);
    }

    [Fact]
    public void Norms_begin_as_identity_and_biases_at_zero()
    {
        using var model = TinyModel.New(config: _config);

        foreach (var slot in model.Layout.Where(slot => !slot.Decayed))
        {
            var expected = slot.Name.EndsWith(".weight") ? 1f : 0f;
            Assert.All(Slot(model, slot.Name), value => Assert.Equal(expected, value));
        }
    }

    private static float[] Slot(Gpt2 model, string name)
    {
        var slot = model.Layout.Single(slot => slot.Name == name);
        return LibTorch.Span<float>(model.Parameters, slot.Offset, (int)slot.Count).ToArray();
    }
}
