using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>What the operator makes for a run.</summary>
internal static class ObjectStories
{
    public static async Task Ranks_know_their_gang_and_where_to_meet(Scene scene)
    {
        var run = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(100)));
        await run.UntilAsync(RunPhase.Running);

        var pods = run.PodsOf(StageNames.Train, 1);

        Assert.Equal(["small-train-a1-0", "small-train-a1-1"], pods.Select(p => p.Name));
        foreach (var pod in pods)
        {
            var spec = pod.Created["spec"]!;
            Assert.Equal($"train-a1-{pod.PodIndex}", (string)spec["hostname"]!);
            Assert.Equal("small-pods", (string)spec["subdomain"]!);
            Assert.Equal("Never", (string)spec["restartPolicy"]!);
            Assert.Equal(30, (int)spec["terminationGracePeriodSeconds"]!);
            Assert.StartsWith(
                "train-a1-0.small-pods",
                pod.Environment[EnvironmentNames.MasterAddress],
                StringComparison.Ordinal
            );
            Assert.Equal("2", pod.Environment[EnvironmentNames.WorldSize]);
            Assert.Equal("1", pod.Environment[EnvironmentNames.LocalWorldSize]);
            Assert.Equal($"{pod.PodIndex}", pod.Environment[EnvironmentNames.PodIndex]);
            Assert.Equal("1", pod.Environment[EnvironmentNames.Attempt]);
            Assert.Equal(pod.RunUid, pod.Environment[EnvironmentNames.RunUid]);
            Assert.Equal("codeparrot", (string)pod.Created["metadata"]!["labels"]![LabelNames.ManagedBy]!);
            var owner = Assert.Single(pod.Created["metadata"]!["ownerReferences"]!.AsArray())!;
            Assert.Equal(run.States.Last().Metadata.Uid, (string)owner["uid"]!);
            Assert.True((bool)owner["controller"]!);
        }
    }

    public static async Task Ranks_of_a_pod_share_it(Scene scene)
    {
        var run = await scene.CreateAsync("""{ "workers": { "count": 4, "gpusPerPod": 2 } }""");

        await run.UntilAsync(RunPhase.Succeeded);

        var pods = run.PodsOf(StageNames.Train, 1);
        Assert.Equal(2, pods.Count);
        Assert.All(pods, p => Assert.Equal("4", p.Environment[EnvironmentNames.WorldSize]));
        Assert.All(pods, p => Assert.Equal("2", p.Environment[EnvironmentNames.LocalWorldSize]));
        Assert.Contains(run.States, s => s.Status.Workers?.Summary == "4/4");
    }

    public static async Task A_run_has_a_service_a_snapshot_a_key_and_a_network_policy_of_its_own(Scene scene)
    {
        var run = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(100)));
        var status = (await run.UntilAsync(RunPhase.Running)).Status;
        var uid = run.States.Last().Metadata.Uid;

        var service = Assert.Single(await run.ObjectsAsync("api/v1", "services"));
        var map = Assert.Single(await run.ObjectsAsync("api/v1", "configmaps"));
        var secret = Assert.Single(await run.ObjectsAsync("api/v1", "secrets"));
        var policy = Assert.Single(await run.ObjectsAsync("apis/networking.k8s.io/v1", "networkpolicies"));

        Assert.All(
            [service, map, secret, policy],
            o => Assert.Equal(uid, (string)o["metadata"]!["ownerReferences"]![0]!["uid"]!)
        );
        Assert.Equal("None", (string)service["spec"]!["clusterIP"]!);
        Assert.True((bool)service["spec"]!["publishNotReadyAddresses"]!);
        Assert.Equal("small-pods", (string)service["metadata"]!["name"]!);
        Assert.Equal($"small-{status.SpecHash[..12]}", (string)map["metadata"]!["name"]!);
        Assert.True((bool)map["immutable"]!);
        Assert.Contains("maxSteps: 300", map["data"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(status.Gang.RendezvousKey, (string)secret["metadata"]!["name"]!);
        Assert.True((bool)secret["immutable"]!);
        Assert.Equal(["Ingress"], policy["spec"]!["policyTypes"]!.AsArray().Select(t => (string)t!));
    }

    public static async Task Evictions_are_held_back_until_a_checkpoint(Scene scene)
    {
        const string Budgets = "apis/policy/v1beta1";
        var run = await scene.CreateAsync(
            """{ "disruption": "BlockUntilCheckpoint" }""",
            PodScript.Except(
                p => p.Stage == StageNames.Train,
                async p =>
                {
                    await p.StartAsync();
                    await Scene.UntilAsync(
                        async () =>
                            (await scene.Api.GetAsync($"{Budgets}/namespaces/{p.Namespace}/poddisruptionbudgets")).Body[
                                "items"
                            ]!
                                .AsArray()
                                .Count == 1,
                        "a budget holds evictions back"
                    );
                    await Trainers.TrainAsync(p, 100);
                    await Task.Delay(Timeout.InfiniteTimeSpan, p.Playing);
                }
            )
        );

        await run.UntilAsync(r => r.Status.LatestCheckpoint.Length > 0, "at its first checkpoint");

        await Scene.UntilAsync(
            async () => (await run.ObjectsAsync(Budgets, "poddisruptionbudgets")).Count == 0,
            "the budget is lifted"
        );
        Assert.False((await run.UntilAsync(r => !r.Status.Gang.Protected, "not protected")).Status.IsTerminal());
    }

    public static async Task A_budget_of_somebody_else_is_left_alone(Scene scene)
    {
        const string Budgets = "apis/policy/v1beta1";
        var space = await scene.Plane.NewNamespaceAsync();
        var path = $"{Budgets}/namespaces/{space}/poddisruptionbudgets";
        var theirs = JsonNode.Parse(
            """
            { "apiVersion": "policy/v1beta1", "kind": "PodDisruptionBudget", "metadata": { "name": "small-pods" },
              "spec": { "maxUnavailable": 1, "selector": { "matchLabels": { "a": "b" } } } }
            """
        )!;
        (await scene.Api.CreateAsync(path, theirs)).Expect(HttpStatusCode.Created);

        var run = await scene.CreateAsync("""{ "disruption": "BlockUntilCheckpoint" }""", space: space);

        await run.UntilAsync(RunPhase.Succeeded);
        var left = (await scene.Api.GetAsync($"{path}/small-pods")).Expect(HttpStatusCode.OK);
        Assert.Equal(1, (int)left.Body["spec"]!["maxUnavailable"]!);
    }

    public static async Task A_pod_of_a_stranger_under_the_name_of_one_of_ours_is_waited_for(Scene scene)
    {
        var space = await scene.Plane.NewNamespaceAsync();
        var path = $"api/v1/namespaces/{space}/pods";
        var theirs = JsonNode.Parse(
            """
            { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "small-corpus-a1-0" },
              "spec": { "automountServiceAccountToken": false,
                        "containers": [{ "name": "theirs", "image": "theirs" }] } }
            """
        )!;
        (await scene.Api.CreateAsync(path, theirs)).Expect(HttpStatusCode.Created);

        var run = await scene.CreateAsync(space: space);
        await run.UntilAsync(r => r.Status.Workers is not null, "about to make its first pod");
        // Long enough for some tries.
        await Task.Delay(TimeSpan.FromSeconds(5), CancellationToken.None);
        var options = new JsonObject { ["gracePeriodSeconds"] = 0 };
        (await scene.Api.DeleteAsync($"{path}/small-corpus-a1-0", options)).Expect(HttpStatusCode.OK);

        Assert.Equal(1, (await run.UntilAsync(RunPhase.Succeeded)).Status.Attempt);
    }

    public static async Task A_run_that_is_made_again_does_not_take_over_what_is_left(Scene scene)
    {
        var first = await scene.CreateAsync(script: new PodScript(Trainers.TrainUpTo(100)));
        await first.UntilAsync(RunPhase.Running);
        await first.DeleteAsync();
        await first.UntilGoneAsync();

        var second = await scene.CreateAsync(space: first.Namespace);

        var done = await second.UntilAsync(r => r.Status.Phase == RunPhase.Succeeded, "Succeeded");
        Assert.Equal(1, done.Status.Attempt);
        var pods = second.PodsOf(StageNames.Train, 1);
        Assert.Equal(2, pods.Count(p => p.RunUid == done.Metadata.Uid));
        Assert.Equal(4, pods.Count);
        var service = (await scene.Api.GetAsync($"api/v1/namespaces/{first.Namespace}/services/small-pods")).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal(done.Metadata.Uid, (string)service.Body["metadata"]!["ownerReferences"]![0]!["uid"]!);
    }
}
