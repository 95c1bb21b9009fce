using System.Text.Json.Nodes;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Monitoring;
using CodeParrot.EndToEnd.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>What Prometheus sees of a run by the chart's monitor.</summary>
/// <param name="cluster">Where.</param>
[Collection(ClusterCollection.Name)]
public sealed class ScrapeTests(TestCluster cluster)
{
    private const long Days = 1_000_000;
    private const string Steps = "codeparrot_trainer_step_count";

    [Fact]
    public async Task A_real_Prometheus_scrapes_the_pods_of_a_run_by_the_chart_s_monitor()
    {
        Assert.SkipUnless(cluster.Options.OwnNode, "a Prometheus outside does not reach the pods of another cluster");
        var space = await cluster.NewNamespaceAsync("scraped-runs");
        // Prometheus hears of new pods every five seconds at most: a run that ends before that has no series.
        await using var run = await TestRun.CreateAsync(
            cluster,
            space,
            "scraped",
            RunSpecs.Of(cluster, FinishedRun.Prefix, Days)
        );

        var series = await ScrapedAsync(run, PrometheusServer.Job, $"run=\"{run.Name}\"");

        Assert.All(series, s => Assert.Equal(space, (string?)s.Labels["namespace"]));
        Assert.All(series, s => Assert.StartsWith($"{run.Name}-train-a", (string?)s.Labels["pod"]));
        Assert.InRange(series.Max(s => s.Value), 1, Days);

        // By a monitor that forgets the run, series are there, and none is the run's.
        await ScrapedAsync(run, PrometheusServer.ForgetfulJob, "run=\"\"");
        var forgetful = $"{Steps}{{job=\"{PrometheusServer.ForgetfulJob}\",run!=\"\"}}";
        Assert.Empty(await cluster.Prometheus.QueryAsync($"max_over_time({forgetful}[1h])"));
        await run.DeleteAsync();
        await Leftovers.UntilNoneAsync(run);
    }

    private async Task<IReadOnlyList<(JsonObject Labels, double Value)>> ScrapedAsync(
        TestRun run,
        string job,
        string labels
    )
    {
        var steps = $"{Steps}{{job=\"{job}\",{labels},stage=\"train\"}}";
        var series = (IReadOnlyList<(JsonObject Labels, double Value)>)[];
        await run.UntilIsAsync(
            async () =>
                (series = await cluster.Prometheus.QueryAsync($"max_over_time({steps}[1h])")).Any(s => s.Value > 0),
            $"scraped by {job}"
        );
        return series;
    }
}
