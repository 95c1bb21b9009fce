using TorchSharp;

namespace CodeParrot.Model.Tests;

public class Gpt2ForwardTests
{
    [Fact]
    public void A_token_sees_only_those_before_it()
    {
        using var scope = torch.NewDisposeScope();
        using var model = TinyModel.New();
        var ids_BT = TinyModel.Batch(1, 12);
        var changed_BT = ids_BT.clone();
        changed_BT[0, 8] = 33;

        var (before, after) = (model.Logits(ids_BT), model.Logits(changed_BT));

        Assert.Equal(TinyModel.Values(before.narrow(1, 0, 8)), TinyModel.Values(after.narrow(1, 0, 8)));
        Assert.False(before.narrow(1, 8, 4).allclose(after.narrow(1, 8, 4)));
    }

    [Fact]
    public void Scaling_scores_by_layer_equals_scaling_the_queries()
    {
        using var scope = torch.NewDisposeScope();
        using var plain = TinyModel.New();
        using var scaled = TinyModel.New(config: TinyModel.Config with { ScaleAttentionByInverseLayer = true });
        using var batch = TinyModel.Batch();
        foreach (var part in new[] { "weight", "bias" })
        {
            // The first third of c_attn's outputs are the queries; in block 1 they count half.
            using var noGradient = torch.no_grad();
            var slot = Slot(plain, $"transformer.h.1.attn.c_attn.{part}");
            var queries = plain.Parameters.narrow(0, slot.Offset, slot.Count).view(slot.Shape).narrow(-1, 0, 24);
            queries.mul_(0.5f);
        }

        Assert.True(plain.Logits(batch).allclose(scaled.Logits(batch), rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void Embeddings_are_dropped_too()
    {
        using var model = ModelOfIdentityBlocks(residual: 0);
        using var batch = TinyModel.Batch();

        Assert.NotEqual(model.Loss(batch), model.ForwardBackward(batch, TinyModel.Micro()));
    }

    [Fact]
    public void Every_block_drops_other_values()
    {
        using var model = ModelOfIdentityBlocks(residual: 0.1f);
        using var batch = TinyModel.Batch();

        model.ForwardBackward(batch, TinyModel.Micro());

        // All blocks get the same gradient here, so their biases' gradients differ by their masks alone.
        Assert.NotEqual(
            Gradient(model, "transformer.h.0.attn.c_proj.bias"),
            Gradient(model, "transformer.h.1.attn.c_proj.bias")
        );
    }

    // Blocks that add a constant to the residual stream, whatever they see.
    private static Gpt2 ModelOfIdentityBlocks(float residual)
    {
        var model = TinyModel.New(dropout: 0.3);
        using var noGradient = torch.no_grad();
        foreach (var slot in model.Layout.Where(slot => slot.Name.Contains("c_proj.")))
        {
            using var values = model.Parameters.narrow(0, slot.Offset, slot.Count);
            values.fill_(slot.Name.EndsWith("attn.c_proj.bias") ? residual : 0);
        }

        return model;
    }

    private static float[] Gradient(Gpt2 model, string name)
    {
        var slot = Slot(model, name);
        return TinyModel.Values(model.Gradients)[(int)slot.Offset..(int)slot.Range.End];
    }

    private static ParameterSlot Slot(Gpt2 model, string name) => model.Layout.Single(slot => slot.Name == name);
}
