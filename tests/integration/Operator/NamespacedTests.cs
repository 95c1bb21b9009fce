using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>An operator that looks after one namespace, with a Role there instead of a ClusterRole.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class NamespacedTests(ControlPlane plane)
{
    [Fact]
    public async Task An_operator_of_one_namespace_leaves_others_alone()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var space = await plane.NewNamespaceAsync();
        await using var @operator = await StartAsync(scene, space, readsNodes: false);
        var foreign = await scene.CreateAsync();
        var own = await scene.CreateAsync(space: space);

        await own.UntilAsync(RunPhase.Succeeded);

        Assert.Empty(Assert.Single(foreign.States).Status.Conditions);
        var requests = await @operator.MetricsAsync("codeparrot_operator_api_requests_total{");
        Assert.DoesNotContain(requests, r => r.Contains("code=\"403\"", StringComparison.Ordinal));
        Assert.Empty(@operator.LogOf("Error"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pods_of_a_lost_node_are_removed_only_by_who_may_see_nodes(bool readsNodes)
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var space = await plane.NewNamespaceAsync();
        await using var @operator = await StartAsync(scene, space, readsNodes);
        var run = await scene.CreateAsync(
            """{ "workers": { "terminationGracePeriod": "1s" }, "failurePolicy": { "nodeLostTimeout": "1s" } }""",
            new PodScript(Trainers.TrainUpTo(100), p => p.Stage == "train" ? Task.CompletedTask : p.RemoveAsync()),
            space
        );
        await run.UntilAsync(RunPhase.Running);

        await run.PatchAsync("""{ "suspend": true }""");

        if (readsNodes)
        {
            await run.UntilAsync(RunPhase.Suspended);
            await run.EventAsync("NodeLost");
            return;
        }

        await Scene.UntilAsync(
            async () =>
                (await @operator.MetricsAsync("codeparrot_operator_api_requests_total{"))
                    .Select(RequestLine.Parse)
                    .Any(r => r is { Verb: "get", Resource: "nodes", Code: 403 }),
            "it asked for the node"
        );
        Assert.All(run.PodsOf("train", 1), p => Assert.False(p.Gone.IsCompleted));
        Assert.DoesNotContain(await run.EventsAsync(), e => e.Reason == "NodeLost");
    }

    private async Task<OperatorProcess> StartAsync(Scene scene, string space, bool readsNodes)
    {
        var (kubeconfig, home) = await new OperatorAccount(plane).OfNamespaceAsync(space, readsNodes);
        var @operator = OperatorProcess.Start(kubeconfig, scene, "--namespace", space, "--own-namespace", home);
        await @operator.UntilReadyAsync();
        return @operator;
    }
}
