using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.EndToEnd.Tests.Runs;
using CodeParrot.Operator.Core.Tests.Manifests;

namespace CodeParrot.EndToEnd.Tests;

/// <summary>What becomes of a run that is disturbed while it trains.</summary>
/// <param name="cluster">Where it runs.</param>
/// <param name="steady">The run.</param>
[Collection(ClusterCollection.Name)]
public sealed class DisturbedRunTests(TestCluster cluster, SteadyRun steady) : IClassFixture<SteadyRun>
{
    private TestRun Run => steady.Run;

    [Fact]
    public async Task A_run_whose_pod_is_killed_goes_on_from_a_checkpoint()
    {
        var before = await Run.UntilItTrainsAsync();
        var pods = await RanksAsync();

        await DeletePodAsync(pods[1], graceSeconds: 0);

        var after = await steady.UntilItGoesOnAsync(before);
        Assert.Equal(before.Status.Attempt + 1, after.Status.Attempt);
        Assert.Empty(Uids(pods).Intersect(Uids(await RanksAsync())));
    }

    [Fact]
    public async Task A_run_whose_process_dies_is_restarted_and_says_how_it_died()
    {
        Assert.SkipUnless(cluster.Options.OwnNode, "processes of another cluster's nodes are out of reach");
        var before = await Run.UntilItTrainsAsync();
        var pod = (await RanksAsync())[0];

        await cluster.KillContainerAsync((string)pod["status"]!["containerStatuses"]![0]!["containerID"]!);

        var after = await steady.UntilItGoesOnAsync(before);
        Assert.Equal(137, after.Status.LastFailure?.ExitCode);
        Assert.True(after.Status.Restarts > before.Status.Restarts);
    }

    [Fact]
    public async Task A_drained_run_waits_for_a_node_and_goes_on()
    {
        var before = await Run.UntilItTrainsAsync();
        var pods = await RanksAsync();
        await CordonAsync(true);
        try
        {
            foreach (var pod in pods)
            {
                await EvictAsync(pod);
            }

            if (cluster.Options.OwnNode)
            {
                await Run.UntilAsync(
                    r =>
                        r.Status.Attempt > before.Status.Attempt
                        && r.Status.Condition(ConditionTypes.Scheduled)?.Status == RunCondition.False,
                    "waiting for a node"
                );
            }
        }
        finally
        {
            await CordonAsync(false);
        }

        var after = await steady.UntilItGoesOnAsync(before);
        // An eviction is nobody's failure: it is stopped for, with a checkpoint, and does not count.
        var ended = after.Status.Attempts.Single(a => a.Number == before.Status.Attempt);
        // A kubelet of 1.20 may remove a container before it has said how it ended.
        Assert.True(ended.ExitCode is 75 or null, $"ended with {ended.ExitCode}");
        Assert.InRange(await NewestStepAsync(ended.Number), before.Status.Progress!.Step, long.MaxValue);
        Assert.Equal(0, after.Status.Budget.Counted);
    }

    [Fact]
    public async Task Ranks_do_not_notice_that_the_operator_is_killed()
    {
        var before = await Run.UntilItTrainsAsync();
        var pods = Uids(await RanksAsync());
        var leader = await LeaderAsync();

        await DeletePodAsync(leader, graceSeconds: 0);

        await Run.UntilIsAsync(
            async () => await LeaderNameAsync() != NameOf(leader),
            "looked after by another operator"
        );
        // What only an operator that leads writes moves on.
        await Run.UntilAsync(
            r =>
                r.Status.Progress!.UpdatedAt > before.Status.Progress!.UpdatedAt + TimeSpan.FromSeconds(20)
                && r.Status.Progress.Step > before.Status.Progress.Step,
            "followed by another operator"
        );
        Assert.Equal(pods, Uids(await RanksAsync()));
    }

    [Fact]
    public async Task A_suspended_run_stops_with_a_checkpoint_and_resumes_from_it()
    {
        var before = await Run.UntilItTrainsAsync();

        await Run.PatchAsync("""{ "suspend": true }""");
        var suspended = await Run.UntilAsync(RunPhase.Suspended);

        // Pods of stages that are done may stay, for their logs.
        await Run.UntilIsAsync(
            async () => (await Run.PresentPodsAsync()).All(HasEnded),
            "without pods that run under suspend"
        );
        // Nor may any status name the checkpoint, with such a kubelet.
        var stop = await NewestStepAsync(suspended.Status.Attempt);
        Assert.InRange(stop, before.Status.Progress!.Step, long.MaxValue);

        await Run.PatchAsync("""{ "suspend": false }""");
        var after = await steady.UntilItGoesOnAsync(suspended);
        Assert.Equal(suspended.Status.Attempt + 1, after.Status.Attempt);
        Assert.InRange(after.Status.Progress!.Step, stop + 1, long.MaxValue);
    }

    [Fact]
    public async Task A_run_is_rolled_back_to_a_prior_checkpoint()
    {
        var before = await Run.UntilAsync(
            r => r.Status.Checkpoints.Count(c => c.Branch == r.Status.Branch) > 2,
            "with three checkpoints"
        );
        var prior = before.Status.Checkpoints.Where(c => c.Branch == before.Status.Branch).Skip(1).First();
        var nonce = $"{before.Status.Attempt}";

        await Run.PatchAsync($$"""{ "rollback": { "toStep": {{prior.Step}}, "nonce": "{{nonce}}" } }""");

        var started = await Run.UntilAsync(r => r.Status.Rollback?.Value.Nonce == nonce, "rolled back");
        Assert.Equal(ConditionReasons.RollbackStarted, started.Status.Rollback!.Result);
        var after = await Run.UntilAsync(
            r => r.Status.Branch != before.Status.Branch && r.Status.Checkpoints[0].Branch == r.Status.Branch,
            "training on a new branch"
        );
        Assert.Equal($"{prior.Branch}/{prior.Name}", after.Status.StartFrom!.Checkpoint);
        // The line that was left keeps its checkpoints.
        using var client = cluster.Store.NewClient();
        var keys = await StoreKeys.OfAsync(
            client,
            cluster.Bucket,
            $"{SteadyRun.Prefix}/runs/{Run.Namespace}/{Run.Name}/branches/{before.Status.Branch}/"
        );
        Assert.Contains(keys, k => k.EndsWith("/manifest.json", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Every_pod_that_a_disturbed_run_ever_had_keeps_to_the_restricted_profile()
    {
        await Run.UntilItTrainsAsync();

        Assert.All(Run.Pods, pod => Assert.Empty(RestrictedProfile.Violations(pod)));
    }

    // Step of the newest checkpoint in the store that an attempt has made.
    private async Task<long> NewestStepAsync(int attempt)
    {
        using var client = cluster.Store.NewClient();
        var keys = await StoreKeys.OfAsync(client, cluster.Bucket, $"{SteadyRun.Prefix}/runs/");
        return keys.Where(k => k.EndsWith($"-a{attempt}/manifest.json", StringComparison.Ordinal))
            .Max(k => long.Parse(k.Split('/')[^2].Split('-')[1]));
    }

    private async Task<IReadOnlyList<JsonObject>> RanksAsync() =>
        [.. (await Run.PresentPodsAsync()).Where(IsAlive).OrderBy(NameOf, StringComparer.Ordinal)];

    private static bool IsAlive(JsonObject pod) =>
        pod["metadata"]!["deletionTimestamp"] is null && (string?)pod["status"]?["phase"] == "Running";

    private static bool HasEnded(JsonObject pod) => (string?)pod["status"]?["phase"] is "Succeeded" or "Failed";

    private static string NameOf(JsonObject o) => (string)o["metadata"]!["name"]!;

    private static IReadOnlyList<string> Uids(IEnumerable<JsonObject> pods) =>
        [.. pods.Select(p => (string)p["metadata"]!["uid"]!).Order(StringComparer.Ordinal)];

    private async Task DeletePodAsync(JsonObject pod, int graceSeconds)
    {
        var path = $"api/v1/namespaces/{(string?)pod["metadata"]!["namespace"]}/pods/{NameOf(pod)}";
        (await cluster.Api.DeleteAsync(path, new JsonObject { ["gracePeriodSeconds"] = graceSeconds })).Expect(
            HttpStatusCode.OK
        );
    }

    private async Task EvictAsync(JsonObject pod)
    {
        var hasPolicy = (await cluster.Api.GetAsync("apis/policy/v1")).Code == HttpStatusCode.OK;
        var eviction = new JsonObject
        {
            ["apiVersion"] = hasPolicy ? "policy/v1" : "policy/v1beta1",
            ["kind"] = "Eviction",
            ["metadata"] = new JsonObject { ["name"] = NameOf(pod), ["namespace"] = Run.Namespace },
        };
        var path = $"api/v1/namespaces/{Run.Namespace}/pods/{NameOf(pod)}/eviction";
        (await cluster.Api.CreateAsync(path, eviction)).Expect(HttpStatusCode.Created);
    }

    // Nodes of a cluster that is not ours stay as they are.
    private async Task CordonAsync(bool isCordoned)
    {
        if (cluster.Options.OwnNode)
        {
            var patch = new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = isCordoned } };
            (await cluster.Api.PatchAsync("api/v1/nodes/node", patch)).Expect(HttpStatusCode.OK);
        }
    }

    private async Task<JsonObject> LeaderAsync()
    {
        var name = await LeaderNameAsync();
        return (await cluster.Api.GetAsync($"api/v1/namespaces/{cluster.Release.Namespace}/pods/{name}"))
            .Expect(HttpStatusCode.OK)
            .Body;
    }

    // The holder is a pod's name and chance behind it.
    private async Task<string> LeaderNameAsync()
    {
        var path = $"apis/coordination.k8s.io/v1/namespaces/{cluster.Release.Namespace}/leases";
        var leases = (await cluster.Api.GetAsync(path)).Expect(HttpStatusCode.OK).Body["items"]!.AsArray();
        return ((string?)leases.Single()!["spec"]!["holderIdentity"] ?? "").Split('_')[0];
    }
}
