using System.Text;
using System.Text.RegularExpressions;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Metrics;

namespace CodeParrot.Trainer.Tests.Metrics;

public partial class TrainerMetricsTests
{
    [Fact]
    public async Task The_document_lists_exactly_what_a_scrape_shows()
    {
        var scraped = TypeLine().Matches(await ScrapeAsync(Known())).Select(m => m.Groups[1].Value).Order();

        var documented = TableRow().Matches(File.ReadAllText(Document())).Select(m => m.Groups[1].Value).Order();

        Assert.Equal(documented, scraped);
    }

    [Fact]
    public async Task A_value_that_is_not_known_yet_is_not_published()
    {
        var scrape = await ScrapeAsync(new RunProgress { Stage = StageNames.Train, Step = 3 });

        Assert.Contains("codeparrot_trainer_step_count{stage=\"train\"} 3", scrape);
        Assert.DoesNotMatch("(?m)^codeparrot_trainer_loss_nats", scrape);
    }

    private static RunProgress Known() =>
        new()
        {
            Stage = StageNames.Train,
            Loss = 1,
            EvalLoss = 1,
            LearningRate = 1,
            GradientNorm = 1,
            LossScale = 1,
            SkippedSteps = 1,
            TokensPerSecond = 1,
            Mfu = 1,
            DataWait = 1,
            Goodput = 1,
            PeakMemoryBytes = 1,
            PeakDeviceMemoryBytes = 1,
            StragglerRank = 1,
            StragglerRatio = 1,
            CheckpointPauseSeconds = 1,
            Round = 1,
            Checkpoint = new CheckpointSummary("step-1-a1", "b1", 1, 1, 1, 1, "", DateTimeOffset.UnixEpoch),
            Ranks = [new RankProgress(0, "Training", 1, 1, DateTimeOffset.UnixEpoch)],
        };

    private static async Task<string> ScrapeAsync(RunProgress progress)
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        new TrainerMetrics(registry).Show(progress);
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Document()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CodeParrot.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "metrics.md");
    }

    [GeneratedRegex(@"^# TYPE (codeparrot_trainer_\w+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\| `(codeparrot_trainer_\w+)` ", RegexOptions.Multiline)]
    private static partial Regex TableRow();
}
