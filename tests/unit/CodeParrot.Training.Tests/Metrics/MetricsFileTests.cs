using System.Text;
using System.Text.Json;
using CodeParrot.Training.Metrics;

namespace CodeParrot.Training.Tests.Metrics;

public class MetricsFileTests
{
    [Fact]
    public void A_line_has_the_books_names()
    {
        var line = Encoding.UTF8.GetString(Row(3, evalLoss: 2).ToLine());

        using var json = JsonDocument.Parse(line);
        Assert.EndsWith("\n", line);
        Assert.Equal(
            [
                "steps",
                "samples",
                "lr",
                "loss/train",
                "grad_norm",
                "loss/eval",
                "perplexity",
                "tokens",
                "tokens_per_second",
                "skipped_steps",
                "time",
            ],
            json.RootElement.EnumerateObject().Select(p => p.Name)
        );
        Assert.Equal(Math.Exp(2), json.RootElement.GetProperty("perplexity").GetDouble());
    }

    [Fact]
    public void A_step_without_evaluation_has_no_evaluation_fields()
    {
        var line = Encoding.UTF8.GetString(Row(3).ToLine());

        Assert.DoesNotContain("loss/eval", line);
        Assert.DoesNotContain("perplexity", line);
    }

    [Fact]
    public void An_infinite_perplexity_does_not_break_the_json()
    {
        using var json = JsonDocument.Parse(Row(1, evalLoss: 800).ToLine());

        Assert.Equal(800, json.RootElement.GetProperty("loss/eval").GetDouble());
        Assert.False(json.RootElement.TryGetProperty("perplexity", out _));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(9, 3)]
    public void Lines_after_the_resumed_step_and_a_torn_one_are_cut(long lastStep, int expectedLines)
    {
        byte[] content = [.. Row(1).ToLine(), .. Row(2).ToLine(), .. Row(3).ToLine(), .. Row(4).ToLine()[..20]];

        var kept = MetricsFile.Cut(content, lastStep);

        Assert.Equal(expectedLines, kept.Count((byte)'\n'));
        Assert.True(kept.Length == 0 || kept[^1] == '\n');
    }

    [Fact]
    public void A_line_that_is_not_a_row_ends_what_is_kept()
    {
        byte[] content = [.. Row(1).ToLine(), .. "garbage\n"u8, .. Row(2).ToLine()];

        Assert.Equal(Row(1).ToLine(), MetricsFile.Cut(content, 9).ToArray());
    }

    private static MetricsRow Row(long step, double? evalLoss = null) =>
        new()
        {
            Steps = step,
            Samples = step * 4,
            Tokens = step * 64,
            LearningRate = 1e-3,
            Loss = 3.5,
            GradientNorm = 1,
            TokensPerSecond = 100,
            Time = DateTimeOffset.UnixEpoch,
            EvalLoss = evalLoss,
        };
}
