using System.Text.Json;
using CodeParrot.Evaluation;
using CodeParrot.Parity.Tests.Model;

namespace CodeParrot.Parity.Tests.Evaluation;

public class TokensFileParityTests
{
    // fp32 sums in another order differ by some 1e-7; a wrong shift or weighting by far more.
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData(false, "eval_loss_before")]
    [InlineData(true, "eval_loss_after")]
    public void Loss_equals_that_of_transformers(bool isTrained, string name)
    {
        using var json = Reference.Json("train.json");
        var expected = json.RootElement.GetProperty("fp32").GetProperty(name).GetDouble();
        var file = Path.GetTempFileName();
        File.WriteAllLines(file, json.RootElement.GetProperty("eval_batch").EnumerateArray().Select(Line));
        using var model = isTrained ? Reference.ModelAfterTraining() : Reference.Model();

        var result = TokensFileEvaluator.Evaluate(model, file, batchSize: 3, CancellationToken.None);

        File.Delete(file);
        Assert.InRange(Math.Abs(result.Loss - expected) / expected, 0, Tolerance);
        Assert.Equal(8, result.Sequences);
        Assert.Equal(8 * 63, result.Tokens);
    }

    private static string Line(JsonElement row) => $"{{\"ids\": {row.GetRawText()}}}";
}
