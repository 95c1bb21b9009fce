using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Runs;
using CodeParrot.Operator.Core.Tests.Manifests;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>What is there after a run that nothing disturbed.</summary>
/// <param name="cluster">Where it ran.</param>
/// <param name="finished">The run.</param>
[Collection(ClusterCollection.Name)]
public sealed class FinishedRunTests(TestCluster cluster, FinishedRun finished) : IClassFixture<FinishedRun>
{
    [Fact]
    public void It_went_through_its_phases_in_order()
    {
        RunPhase[] expected = [RunPhase.Preparing, RunPhase.Running, RunPhase.Evaluating, RunPhase.Succeeded];

        Assert.Equal(expected, finished.Run.Phases.Where(expected.Contains));
        Assert.Equal((1, 0), (finished.Last.Status.Attempt, finished.Last.Status.Restarts));
        Assert.Equal(FinishedRun.MaxSteps, finished.Last.Status.Checkpoints[0].Step);
    }

    [Fact]
    public void Every_pod_keeps_to_the_restricted_profile()
    {
        Assert.Equal(FinishedRun.Ranks, finished.Run.Pods.Count(p => Stage(p) == "train"));
        Assert.All(finished.Run.Pods, pod => Assert.Empty(RestrictedProfile.Violations(pod)));
    }

    [Fact]
    public async Task The_model_is_in_the_store_and_published()
    {
        using var client = cluster.Store.NewClient();
        var keys = await StoreKeys.OfAsync(client, cluster.Bucket, FinishedRun.Prefix);

        var checkpoint = finished.Last.Status.Checkpoints[0];
        var run = $"{FinishedRun.Prefix}/runs/{finished.Run.Namespace}/{finished.Run.Name}";
        var folder = $"{run}/branches/{checkpoint.Branch}/{checkpoint.Name}";
        string[] files = ["model.safetensors", "config.json", "tokenizer.json", "manifest.json"];
        Assert.Empty(files.Select(f => $"{folder}/{f}").Except(keys));
        Assert.Contains($"{FinishedRun.Prefix}/refs/main", keys);
        Assert.Contains(keys, k => k.EndsWith("/report.html", StringComparison.Ordinal));
        Assert.Equal($"{checkpoint.Branch}/{checkpoint.Name}", finished.Last.Status.Published);
    }

    [Fact]
    public async Task What_a_run_must_not_leave_behind_is_seen_while_the_run_is_there()
    {
        var found = await Leftovers.OfAsync(finished.Run);

        // Pods of a run that is over have gone already.
        Assert.Equal(["pods"], Leftovers.Types.Except(found.Select(f => f.Split('/')[0])));
    }

    [Fact]
    public async Task What_the_operator_made_goes_with_the_run_and_the_store_keeps_its_part()
    {
        // A run of its own: the others look at theirs.
        var spec = RunSpecs.Of(cluster, FinishedRun.Prefix, maxSteps: 5, ranks: 1);
        spec["publish"] = JsonNode.Parse("""{ "promote": "Never" }""");
        await using var run = await TestRun.CreateAsync(cluster, finished.Run.Namespace, "kept", spec);
        await run.UntilAsync(RunPhase.Succeeded);

        await run.DeleteAsync();

        await Leftovers.UntilNoneAsync(run);
        using var client = cluster.Store.NewClient();
        Assert.NotEmpty(
            await StoreKeys.OfAsync(client, cluster.Bucket, $"{FinishedRun.Prefix}/runs/{run.Namespace}/{run.Name}/")
        );
    }

    [Fact]
    public async Task Artifacts_that_are_not_retained_go_with_the_run()
    {
        const string Prefix = "cleaned";
        var spec = RunSpecs.Of(cluster, Prefix, maxSteps: 5, ranks: 1);
        spec["retainArtifacts"] = false;
        await using var run = await TestRun.CreateAsync(cluster, finished.Run.Namespace, "cleaned", spec);
        await run.UntilAsync(RunPhase.Succeeded);

        await run.DeleteAsync();

        await Leftovers.UntilNoneAsync(run);
        using var client = cluster.Store.NewClient();
        var keys = await StoreKeys.OfAsync(client, cluster.Bucket, Prefix);
        // What other runs may share stays.
        Assert.All(keys, k => Assert.Matches("^cleaned/(corpora|tokenizers)/", k));
        Assert.All(run.Pods, pod => Assert.Empty(RestrictedProfile.Violations(pod)));
    }

    private static string? Stage(JsonObject pod) => (string?)pod["metadata"]!["labels"]![LabelNames.Stage];
}
