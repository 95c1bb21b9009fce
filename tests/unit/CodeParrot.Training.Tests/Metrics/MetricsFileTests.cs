using System.Text;
using System.Text.Json;
using CodeParrot.Training.Metrics;

namespace CodeParrot.Training.Tests.Metrics;

public sealed class MetricsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-metrics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_has_the_books_names()
    {
        var line = Encoding.UTF8.GetString(Line(Row(3, evalLoss: 2)));

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
                "mfu",
                "step_seconds",
                "data_wait_seconds",
                "goodput",
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
        var line = Encoding.UTF8.GetString(Line(Row(3)));

        Assert.DoesNotContain("loss/eval", line);
        Assert.DoesNotContain("perplexity", line);
    }

    [Fact]
    public void An_infinite_perplexity_does_not_break_the_json()
    {
        using var json = JsonDocument.Parse(Line(Row(1, evalLoss: 800)));

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
        byte[] content = [.. Line(Row(1)), .. Line(Row(2)), .. Line(Row(3)), .. Line(Row(4))[..20]];

        var kept = MetricsFile.Cut(content, lastStep);

        Assert.Equal(expectedLines, kept.Count((byte)'\n'));
        Assert.True(kept.Length == 0 || kept[^1] == '\n');
    }

    [Fact]
    public void A_line_that_is_not_a_row_ends_what_is_kept()
    {
        byte[] content = [.. Line(Row(1)), .. "garbage\n"u8, .. Line(Row(2))];

        Assert.Equal(Line(Row(1)), MetricsFile.Cut(content, 9).ToArray());
    }

    [Fact]
    public void What_is_no_number_is_left_out()
    {
        using var json = JsonDocument.Parse(Line(Row(1) with { Loss = double.NaN, GradientNorm = double.NaN }));

        Assert.False(json.RootElement.TryGetProperty("loss/train", out _));
        Assert.False(json.RootElement.TryGetProperty("grad_norm", out _));
        Assert.Equal(1, json.RootElement.GetProperty("steps").GetInt64());
    }

    private byte[] Line(in MetricsRow row)
    {
        using var file = MetricsFile.Open(_folder, [], lastStep: 0);
        var scalars = new ScalarList();
        scalars.Take(row);
        file.Append(row, scalars);
        return file.ToArray();
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
            Mfu = 0.4,
        };
}
