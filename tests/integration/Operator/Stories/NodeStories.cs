using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator.Stories;

/// <summary>Pods that do not go, and nodes that may be the reason.</summary>
internal static class NodeStories
{
    public static async Task Pods_of_a_lost_node_are_removed_and_those_of_a_ready_one_never(Scene scene)
    {
        await MakeNodeAsync(scene, "stuck-ready", "True", taint: "");
        await MakeNodeAsync(scene, "stuck-unreachable", "Unknown", taint: "node.kubernetes.io/unreachable");
        var ready = await StuckAsync(scene, "stuck-ready");
        var unreachable = await StuckAsync(scene, "stuck-unreachable");
        var gone = await StuckAsync(scene, "stuck-gone");
        FollowedRun[] all = [ready, unreachable, gone];

        foreach (var run in all)
        {
            await run.PatchAsync("""{ "suspend": true }""");
        }

        await unreachable.UntilAsync(RunPhase.Suspended);
        await gone.UntilAsync(RunPhase.Suspended);
        Assert.Contains("stuck-gone", await gone.EventAsync("NodeLost"), StringComparison.Ordinal);
        Assert.Contains("stuck-unreachable", await unreachable.EventAsync("NodeLost"), StringComparison.Ordinal);

        // It was to be gone as long ago as the others.
        var left = await ready.ObjectsAsync("api/v1", "pods");
        Assert.Equal(2, left.Count(p => p["metadata"]!["deletionTimestamp"] is not null));
        Assert.NotEqual(RunPhase.Suspended, ready.States.Last().Status.Phase);
        Assert.DoesNotContain(await ready.EventsAsync(), e => e.Reason == "NodeLost");
        foreach (var pod in ready.PodsOf(StageNames.Train, 1))
        {
            await pod.RemoveAsync();
        }

        await ready.UntilAsync(RunPhase.Suspended);
    }

    private static async Task<FollowedRun> StuckAsync(Scene scene, string node)
    {
        var run = await scene.CreateAsync(
            """{ "workers": { "terminationGracePeriod": "1s" }, "failurePolicy": { "nodeLostTimeout": "1s" } }""",
            new PodScript(
                async p =>
                {
                    if (p.Stage != StageNames.Train)
                    {
                        await Trainers.WorkAsync(p);
                        return;
                    }

                    await p.StartAsync(node);
                    await Trainers.TrainAsync(p, 100);
                    await Task.Delay(Timeout.InfiniteTimeSpan, p.Playing);
                },
                p => p.Stage == StageNames.Train ? Task.CompletedTask : p.RemoveAsync()
            )
        );
        await run.UntilAsync(RunPhase.Running);
        return run;
    }

    private static async Task MakeNodeAsync(Scene scene, string name, string ready, string taint)
    {
        var node = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject(),
        };
        if (taint.Length > 0)
        {
            node["spec"]!["taints"] = new JsonArray(new JsonObject { ["key"] = taint, ["effect"] = "NoExecute" });
        }

        (await scene.Api.CreateAsync("api/v1/nodes", node)).Expect(HttpStatusCode.Created);
        var status = new JsonObject
        {
            ["status"] = new JsonObject
            {
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = ready }),
            },
        };
        (await scene.Api.PatchAsync($"api/v1/nodes/{name}/status", status)).Expect(HttpStatusCode.OK);
    }
}
