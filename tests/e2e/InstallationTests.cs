using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Runs;
using CodeParrot.Operator.Core.Tests.Manifests;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>The chart as it is installed.</summary>
/// <param name="cluster">Where.</param>
[Collection(ClusterCollection.Name)]
public sealed class InstallationTests(TestCluster cluster)
{
    private static readonly string[] _types =
    [
        "deployments.apps",
        "roles",
        "rolebindings",
        "services",
        "networkpolicies.networking.k8s.io",
    ];

    [Fact]
    public async Task Operators_keep_to_the_restricted_profile()
    {
        var pods = await PodsAsync(cluster.Release.Namespace);

        Assert.NotEmpty(pods);
        Assert.All(pods, pod => Assert.Empty(RestrictedProfile.Violations(pod)));
    }

    [Fact]
    public async Task The_chart_s_own_test_passes() =>
        Assert.Contains("Phase: Succeeded", await cluster.Release.TestAsync(), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task A_run_that_wants_more_GPUs_than_there_are_waits_and_says_so()
    {
        Assert.SkipUnless(cluster.Options.OwnNode, "how many GPUs another cluster has is not known");
        var space = await cluster.NewNamespaceAsync("large-runs");
        var spec = RunSpecs.Of(cluster, FinishedRun.Prefix, maxSteps: 5, ranks: TestCluster.GpuCount + 1);
        await using var run = await TestRun.CreateAsync(cluster, space, "large", spec);

        await run.UntilAsync(
            r =>
                r.Status.Stage == "train"
                && r.Status.Condition(ConditionTypes.Scheduled) is { Status: RunCondition.False },
            "waiting for GPUs"
        );

        await run.DeleteAsync();
        await Leftovers.UntilNoneAsync(run);
    }

    [Fact]
    public async Task A_release_goes_without_a_trace_and_leaves_runs_to_the_next_one()
    {
        var space = await cluster.NewNamespaceAsync("left-runs");
        var spec = RunSpecs.Of(cluster, FinishedRun.Prefix, maxSteps: 5, ranks: 1);
        spec["suspend"] = true;
        spec["publish"] = JsonNode.Parse("""{ "promote": "Never" }""");
        await using var run = await TestRun.CreateAsync(cluster, space, "left", spec);
        await run.UntilAsync(RunPhase.Suspended);

        await cluster.Release.UninstallAsync();

        try
        {
            var home = cluster.Release.Namespace;
            // The pod that cleaned up behind the chart's own test goes with the next operator.
            await run.UntilIsAsync(async () => (await PodsAsync(home)).All(IsOfARun), "without operators");
            Assert.Equal(HttpStatusCode.OK, (await cluster.Api.GetAsync(run.Path)).Code);
            foreach (var type in _types)
            {
                await run.UntilIsAsync(
                    async () => (await cluster.KubectlAsync("-n", home, "get", type, "-o", "name")).Length == 0,
                    $"without {type}"
                );
            }
        }
        finally
        {
            await cluster.Release.InstallAsync();
        }

        await run.PatchAsync("""{ "suspend": false }""");
        await run.UntilAsync(RunPhase.Succeeded);
    }

    private static bool IsOfARun(JsonObject pod) =>
        (string?)pod["metadata"]!["labels"]?[LabelNames.ManagedBy] == LabelNames.ManagedByValue;

    private async Task<IReadOnlyList<JsonObject>> PodsAsync(string space)
    {
        var answer = (await cluster.Api.GetAsync($"api/v1/namespaces/{space}/pods")).Expect(HttpStatusCode.OK);
        return [.. answer.Body["items"]!.AsArray().Select(p => p!.AsObject())];
    }
}
