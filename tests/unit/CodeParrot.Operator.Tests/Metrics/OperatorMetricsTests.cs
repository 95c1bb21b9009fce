using System.Text;
using System.Text.RegularExpressions;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Metrics;
using Prometheus;

namespace CodeParrot.Operator.Tests.Metrics;

public partial class OperatorMetricsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(50);

    [Fact]
    public async Task The_document_lists_exactly_what_a_scrape_shows()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        ShowEverything(new OperatorMetrics(registry));

        var scraped = TypeLine().Matches(await ScrapeAsync(registry)).Select(m => m.Groups[1].Value).Order();
        var documented = TableRow()
            .Matches(await File.ReadAllTextAsync(Document(), TestContext.Current.CancellationToken))
            .Select(m => $"{m.Groups[1].Value} {Labels(m.Groups[2].Value)}")
            .Order();

        var described = await DescribeAsync(registry, scraped);
        Assert.Equal(documented, described);
    }

    [Fact]
    public async Task What_is_said_of_a_run_goes_when_the_run_goes()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = new OperatorMetrics(registry);
        metrics.Runs.Show([Training("a"), Training("b")], Now);
        Assert.Contains("run=\"a\"", await ScrapeAsync(registry));

        metrics.Runs.Show([Training("b")], Now);

        var scrape = await ScrapeAsync(registry);
        Assert.DoesNotContain("run=\"a\"", scrape);
        Assert.Contains("codeparrot_operator_run_checkpoint_age_seconds{namespace=\"default\",run=\"b\"} 60", scrape);
        Assert.Contains("codeparrot_operator_runs_count{namespace=\"default\",phase=\"Running\"} 1", scrape);
    }

    [Fact]
    public async Task A_pod_cannot_fill_the_server_that_scrapes_with_reasons()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = new OperatorMetrics(registry);

        for (var i = 0; i < 200; i++)
        {
            var failed = new RunStatus { LastFailure = new FailureStatus(0, "", $"Reason{i}", 1, "", "", Now) };
            metrics.Transitions.Observe(new TrainingRun(), failed, Now);
        }

        var scrape = await ScrapeAsync(registry);
        Assert.Equal(65, FailureLine().Count(scrape));
        Assert.Contains("codeparrot_operator_failures_total{reason=\"Other\"} 136", scrape);
    }

    [Fact]
    public async Task A_replacement_is_counted_pod_by_pod_and_measured_to_the_next_step()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = new OperatorMetrics(registry);
        var living = new AttemptStatus { Number = 1, StartedAt = Now };
        var trains = new RunStatus
        {
            Phase = RunPhase.Running,
            Attempt = 1,
            Attempts = [living],
        };
        var waits = trains with
        {
            Phase = RunPhase.Restarting,
            LastFailure = new FailureStatus(1, "", "OOMKilled", 137, "", "pod", Now),
            Gang = new GangStatus { Generation = 2, Replacing = [new(0, 1), new(1, 2), new(2, 2)] },
        };

        metrics.Transitions.Observe(new TrainingRun { Status = trains }, waits, Now);
        metrics.Transitions.Observe(
            new TrainingRun { Status = waits },
            waits with
            {
                Phase = RunPhase.Running,
            },
            Now.AddSeconds(9)
        );

        var scrape = await ScrapeAsync(registry);
        Assert.Contains("codeparrot_operator_pods_replaced_total 2", scrape);
        Assert.Contains("codeparrot_operator_recovery_duration_seconds_sum 9", scrape);
    }

    [Fact]
    public async Task A_recovery_is_measured_from_the_failure_that_ended_the_attempt_before()
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = new OperatorMetrics(registry);
        var run = new TrainingRun { Status = Second(RunPhase.Starting) };

        metrics.Transitions.Observe(run, Second(RunPhase.Running), Now.AddSeconds(42));
        metrics.Transitions.Observe(run with { Status = Second(RunPhase.Running) }, Second(RunPhase.Running), Now);

        var scrape = await ScrapeAsync(registry);
        Assert.Contains("codeparrot_operator_recovery_duration_seconds_sum 42", scrape);
        Assert.Contains("codeparrot_operator_recovery_duration_seconds_count 1", scrape);
        Assert.Contains("codeparrot_operator_apply_to_running_duration_seconds_count 0", scrape);
    }

    private static RunStatus Second(RunPhase phase) =>
        new()
        {
            Phase = phase,
            Attempt = 2,
            LastFailure = new FailureStatus(1, "n", "GpuFault", 44, "", "p", Now),
            Attempts =
            [
                new AttemptStatus
                {
                    Number = 1,
                    StartedAt = Now.AddHours(-1),
                    EndedAt = Now.AddSeconds(1),
                },
                new AttemptStatus { Number = 2, StartedAt = Now.AddSeconds(10) },
            ],
        };

    private static void ShowEverything(OperatorMetrics metrics)
    {
        metrics.SetLeader(true);
        metrics.SetQueueDepth(1);
        metrics.ObservePass("done", TimeSpan.FromSeconds(1));
        metrics.CountRequest(ApiVerb.Get, ResourceType.Pods, 200);
        metrics.CountWatchRestart(ResourceType.Pods, "gone");
        var living = new AttemptStatus { Number = 1 };
        metrics.Transitions.Observe(
            new TrainingRun
            {
                Status = new RunStatus { Attempt = 1, Attempts = [living] },
            },
            new RunStatus
            {
                Attempt = 1,
                Attempts = [living with { EndedAt = Now, Reason = "Completed" }],
                LastFailure = new FailureStatus(0, "", "PeerLost", 43, "", "", Now),
            },
            Now
        );
        metrics.Runs.Show([Training("a")], Now);
    }

    private static TrainingRun Training(string name) =>
        new()
        {
            Metadata = new ObjectMetadata { Name = name },
            Status = new RunStatus
            {
                Phase = RunPhase.Running,
                Checkpoints = [new CheckpointSummary("c", "b1", 1, 1, 1, 1, "", Now.AddSeconds(-60))],
            },
        };

    // Name and labels, as the table gives them.
    private static async Task<IEnumerable<string>> DescribeAsync(CollectorRegistry registry, IEnumerable<string> names)
    {
        var scrape = await ScrapeAsync(registry);
        return names
            .Select(name =>
            {
                var line = Regex.Match(
                    scrape,
                    $@"(?m)^{name}(_sum)?(\{{(.*?)\}})? ",
                    RegexOptions.None,
                    TimeSpan.FromSeconds(5)
                );
                var labels = line.Groups[3].Value.Split(',').Select(l => l.Split('=')[0]).Where(l => l.Length > 0);
                return $"{name} {string.Join(", ", labels)}";
            })
            .Order();
    }

    private static string Labels(string cell) => cell == "–" ? "" : cell;

    private static async Task<string> ScrapeAsync(CollectorRegistry registry)
    {
        using var stream = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
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

    [GeneratedRegex(@"^# TYPE (codeparrot_operator_\w+) ", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\| `(codeparrot_operator_\w+)` \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("^codeparrot_operator_failures_total{", RegexOptions.Multiline)]
    private static partial Regex FailureLine();
}
