using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>
/// The installed chart at work: the operator's process with the rendered arguments and variables, under the rendered
/// account and roles.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class InstallTests(ControlPlane plane)
{
    [Fact]
    public async Task Runs_outlive_an_upgrade_and_the_release()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var release = await Release.InstallAsync(plane, scene, "metrics.dashboard.enabled=true");
        await using var @operator = await release.StartOperatorAsync();
        var run = await scene.CreateAsync();
        var before = await run.UntilAsync(RunPhase.Succeeded);
        var installed = release.Chart.Installed.Where(o => RenderedChart.KindOf(o) != "PodDisruptionBudget").ToList();
        Assert.All(await PresentAsync(release, installed), Assert.True);

        await release.UpgradeAsync("networkPolicy.enabled=false", "operator.replicas=3");

        Assert.False(await release.HasAsync(release.Chart.Single("NetworkPolicy")));
        Assert.Single(await PresentAsync(release, installed), there => !there);
        var deployment = await plane.Api.GetAsync(ServerSideApply.PathOf(release.Chart.Deployment));
        Assert.Equal(3, (int)deployment.Body["spec"]!["replicas"]!);
        var second = await scene.CreateAsync(space: run.Namespace, name: "second");
        await second.UntilAsync(RunPhase.Succeeded);
        await NothingIsRefusedAsync(@operator);

        await release.UninstallAsync();

        var kept = release.Chart.Single("CustomResourceDefinition");
        foreach (var o in installed)
        {
            await Scene.UntilAsync(async () => await release.HasAsync(o) == (o == kept), $"{o["kind"]} is kept or not");
        }

        var after = (await plane.Api.GetAsync(run.Path)).Expect(System.Net.HttpStatusCode.OK);
        Assert.Equal(before.Metadata.Uid, after.Uid);
        Assert.Equal("Succeeded", (string)after.Body["status"]!["phase"]!);
        Assert.Empty(@operator.LogOf("Error"));
        GangInvariants.Check(scene.Kubelet.Pods);
    }

    [Fact]
    public async Task The_chart_s_test_trains_a_run_that_leaves_nothing_behind()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var release = await Release.InstallAsync(
            plane,
            scene,
            "watchNamespace=SPACE",
            "test.store.uri=s3://models/test",
            "test.store.credentialsSecret=s3"
        );
        await using var @operator = await release.StartOperatorAsync();
        scene.Kubelet.Script(release.Namespace, "codeparrot-test", PodScript.Obliging);

        var test = release.TestAsync();
        var waiter = await new TestPod(
            plane,
            release.Chart.Tests.Single(o => RenderedChart.KindOf(o) == "Pod")
        ).PlayAsync();
        await test;

        Assert.True(waiter.ExitCode == 0, waiter.ToString());
        Assert.Contains("\nSucceeded", waiter.Output, StringComparison.Ordinal);
        foreach (var hook in release.Chart.Tests)
        {
            await Scene.UntilAsync(async () => !await release.HasAsync(hook), $"{hook["kind"]} is gone");
        }

        var stages = scene.Kubelet.PodsOf(release.Namespace, "codeparrot-test").Select(p => p.Stage).ToHashSet();
        Assert.Superset(new HashSet<string>(["corpus", "tokenizer", "train", "evaluate", "cleanup"]), stages);
        // The store's published model is somebody else's.
        Assert.DoesNotContain("promote", stages);
        await NothingIsRefusedAsync(@operator);
        Assert.Empty(scene.Kubelet.Mistakes);
    }

    [Fact]
    public async Task The_chart_s_test_fails_when_its_run_does()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var release = await Release.InstallAsync(
            plane,
            scene,
            "watchNamespace=SPACE",
            "test.store.uri=s3://models/test"
        );
        await using var @operator = await release.StartOperatorAsync();
        scene.Kubelet.Script(
            release.Namespace,
            "codeparrot-test",
            PodScript.Except(p => p.Stage == "corpus", p => p.EndAsync(2))
        );

        var test = release.TestAsync();
        var waiter = await new TestPod(
            plane,
            release.Chart.Tests.Single(o => RenderedChart.KindOf(o) == "Pod")
        ).PlayAsync();

        Assert.Equal(1, waiter.ExitCode);
        Assert.Contains("Failed is True", waiter.Output, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => test);
        // What failed is there to be looked at.
        Assert.True(await release.HasAsync(release.Chart.Tests.Single(o => RenderedChart.KindOf(o) == "TrainingRun")));
    }

    [Fact]
    public async Task A_right_that_the_chart_forgets_is_noticed()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var release = await Release.InstallAsync(plane, scene, "watchNamespace=SPACE");
        await release.ForbidAsync("pods", "delete");
        await using var @operator = await release.StartOperatorAsync();

        await scene.CreateAsync(space: release.Namespace);
        await Scene.UntilAsync(async () => (await RefusedAsync(@operator)).Any(), "a request is refused");

        Assert.All(
            await RefusedAsync(@operator),
            r => Assert.Contains("verb=\"delete\",resource=\"pods\"", r, StringComparison.Ordinal)
        );
    }

    private static async Task<IReadOnlyList<bool>> PresentAsync(
        Release release,
        IEnumerable<System.Text.Json.Nodes.JsonObject> objects
    )
    {
        var present = new List<bool>();
        foreach (var o in objects)
        {
            present.Add(await release.HasAsync(o));
        }

        return present;
    }

    private static async Task NothingIsRefusedAsync(OperatorProcess @operator)
    {
        var refused = (await RefusedAsync(@operator)).ToList();
        Assert.True(refused.Count == 0, string.Join('\n', refused.Concat(@operator.LogOf("Warning"))));
    }

    private static async Task<IEnumerable<string>> RefusedAsync(OperatorProcess @operator) =>
        (await @operator.MetricsAsync("codeparrot_operator_api_requests_total{")).Where(r =>
            r.Contains("code=\"403\"", StringComparison.Ordinal)
        );
}
