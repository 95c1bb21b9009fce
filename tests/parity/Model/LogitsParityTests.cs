using CodeParrot.Model.Native;
using TorchSharp;

namespace CodeParrot.Parity.Tests.Model;

public class LogitsParityTests
{
    // The pass mark of the reference; a right fp32 version lands near 1e-6.
    private const double Tolerance = 1e-4;

    [Fact]
    public void Logits_equal_those_of_transformers()
    {
        using var scope = torch.NewDisposeScope();
        using var model = Reference.Model();
        using var json = Reference.Json("logits.json");

        var worst = 0.0;
        var compared = 0;
        foreach (var prompt in json.RootElement.GetProperty("prompts").EnumerateArray())
        {
            using var logits_BTV = model.Logits(Reference.Batch(Reference.Ids(prompt.GetProperty("ids"))));
            var rows = prompt.GetProperty("logits").EnumerateArray().Select(Reference.Numbers).ToArray();
            var (time, vocabulary) = ((int)logits_BTV.shape[1], model.Config.VocabularySize);
            for (var row = 0; row < rows.Length; row++)
            {
                // "last" prompts store only their last row.
                var start = (long)(time - rows.Length + row) * vocabulary;
                var actual = LibTorch.Span<float>(logits_BTV, start, vocabulary);
                for (var v = 0; v < vocabulary; v++)
                {
                    worst = Math.Max(worst, Math.Abs(actual[v] - rows[row][v]));
                    compared++;
                }
            }
        }

        Assert.True(compared > 1000);
        Assert.InRange(worst, 0, Tolerance);
    }
}
