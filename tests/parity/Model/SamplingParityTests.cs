using CodeParrot.Model.Generation;
using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Parity.Tests.Model;

public class SamplingParityTests
{
    // The reference filters in fp32, we in fp64.
    private const double Tolerance = 1e-5;

    [Fact]
    public void Temperature_top_k_and_top_p_keep_the_same_tokens_with_the_same_probabilities()
    {
        using var json = Reference.Json("sampling.json");
        var logits = Reference.Numbers(json.RootElement.GetProperty("logits")).Select(x => (float)x).ToArray();

        var cases = json.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        Assert.Equal(4, cases.Length);
        foreach (var expected in cases)
        {
            var options = new GenerationOptions
            {
                Temperature = expected.GetProperty("temperature").GetDouble(),
                TopK = expected.GetProperty("top_k").GetInt32(),
                TopP = expected.GetProperty("top_p").GetDouble(),
            };
            var distribution = TokenDistribution.Of(logits, options);

            Assert.Equal(Reference.Ids(expected.GetProperty("kept")), distribution.Ids.Select(id => (long)id));
            var probabilities = Reference.Numbers(expected.GetProperty("probs"));
            Assert.All(
                probabilities.Zip(distribution.Probabilities),
                pair => Assert.InRange(pair.Second, pair.First - Tolerance, pair.First + Tolerance)
            );
        }
    }

    [Fact]
    public void The_row_of_logits_is_the_models_own()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Reference.ModelAfterTraining();
        using var json = Reference.Json("sampling.json");
        var ids = Reference.Ids(json.RootElement.GetProperty("ids"));

        using var logits_BTV = model.Logits(Reference.Batch(ids));

        var vocabulary = model.Config.VocabularySize;
        var last = LibTorch.Span<float>(logits_BTV, (ids.Length - 1L) * vocabulary, vocabulary);
        var expected = Reference.Numbers(json.RootElement.GetProperty("logits"));
        for (var id = 0; id < vocabulary; id++)
        {
            Assert.InRange(last[id], expected[id] - 1e-4, expected[id] + 1e-4);
        }
    }
}
