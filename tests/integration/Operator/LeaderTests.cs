using System.Text.Json.Nodes;
using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>Several operators, of which one leads.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class LeaderTests(ControlPlane plane)
{
    private static readonly string[] ShortLease =
    [
        "--lease-duration",
        "6s",
        "--renew-deadline",
        "4s",
        "--retry-period",
        "500ms",
    ];

    [Fact]
    public async Task Another_operator_takes_over_from_one_that_is_killed()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var (kubeconfig, home) = await new OperatorAccount(plane).OfClusterAsync();
        await using var first = Start(scene, kubeconfig, home, "first");
        await UntilHeldAsync(home, "first");
        await using var second = Start(scene, kubeconfig, home, "second");
        await second.UntilReadyAsync();
        var run = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: "train", Attempt: 1 }, Trainers.TrainUpTo(100))
        );
        await run.UntilAsync(RunPhase.Running);
        var writes = await WritesAsync(second);

        await first.KillAsync();

        await UntilHeldAsync(home, "second");
        await run.PodsOf("train", 1)[0].EndAsync(1);
        Assert.Equal(2, (await run.UntilAsync(RunPhase.Succeeded)).Status.Attempt);
        Assert.Equal(1, (int)(await LeaseAsync(home))["spec"]!["leaseTransitions"]!);
        // Whoever does not lead writes nothing but its wish to.
        Assert.Empty(writes);
        Assert.NotEmpty(await WritesAsync(second));
        GangInvariants.Check(scene.Kubelet.Pods);
    }

    [Fact]
    public async Task An_operator_that_slept_through_its_lease_writes_nothing_any_more()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var (kubeconfig, home) = await new OperatorAccount(plane).OfClusterAsync();
        await using var first = Start(scene, kubeconfig, home, "first");
        await UntilHeldAsync(home, "first");
        var before = await scene.CreateAsync();
        await before.UntilAsync(RunPhase.Succeeded);
        await Scene.UntilAsync(
            async () => (await before.ObjectsAsync("api/v1", "pods")).Count == 0,
            "pods are cleared"
        );
        await using var second = Start(scene, kubeconfig, home, "second");
        await second.UntilReadyAsync();
        var written = await WritesAsync(first);

        await first.SignalAsync("STOP");
        await UntilHeldAsync(home, "second");
        var meanwhile = await scene.CreateAsync();
        await meanwhile.UntilAsync(RunPhase.Preparing);
        await first.SignalAsync("CONT");

        Assert.Equal(1, (await meanwhile.UntilAsync(RunPhase.Succeeded)).Status.Attempt);
        await Patience.UntilAsync(
            async () =>
                (await first.MetricsAsync("codeparrot_operator_leader_count ")).SequenceEqual([
                    "codeparrot_operator_leader_count 0",
                ]),
            () => $"the first operator does not know that it does not lead: {string.Join('\n', first.Log.TakeLast(20))}"
        );
        Assert.Equal(written, await WritesAsync(first));
        GangInvariants.Check(scene.Kubelet.Pods);
    }

    [Fact]
    public async Task An_operator_that_is_asked_to_end_gives_the_lease_back()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var (kubeconfig, home) = await new OperatorAccount(plane).OfClusterAsync();
        await using var first = OperatorProcess.Start(
            kubeconfig,
            scene,
            "--own-namespace",
            home,
            "--identity",
            "first"
        );
        await first.UntilReadyAsync();
        var space = await plane.NewNamespaceAsync();
        var runs = new List<FollowedRun>();
        for (var i = 0; i < 5; i++)
        {
            runs.Add(await scene.CreateAsync(space: space, name: $"run-{i}"));
        }

        await runs[0].UntilAsync(r => r.Status.Attempt == 1, "begun");
        await first.TerminateAsync();

        Assert.Equal(0, first.ExitCode);
        Assert.Equal("", (string?)(await LeaseAsync(home))["spec"]!["holderIdentity"] ?? "");
        Assert.Empty(first.LogOf("Error"));
        await using var second = OperatorProcess.Start(
            kubeconfig,
            scene,
            "--own-namespace",
            home,
            "--identity",
            "second"
        );
        foreach (var run in runs)
        {
            Assert.Equal(1, (await run.UntilAsync(RunPhase.Succeeded)).Status.Attempt);
        }

        GangInvariants.Check(scene.Kubelet.Pods);
    }

    private static OperatorProcess Start(Scene scene, string kubeconfig, string home, string identity) =>
        OperatorProcess.Start(kubeconfig, scene, ["--own-namespace", home, "--identity", identity, .. ShortLease]);

    // With their numbers; whoever wants to lead writes leases.
    private static async Task<IReadOnlyList<string>> WritesAsync(OperatorProcess @operator) =>
        [
            .. (await @operator.MetricsAsync("codeparrot_operator_api_requests_total{")).Where(line =>
                RequestLine.Parse(line) is { Verb: "create" or "update" or "patch" or "delete", Resource: not "leases" }
            ),
        ];

    private async Task<JsonObject> LeaseAsync(string home) =>
        (await plane.Api.GetAsync($"apis/coordination.k8s.io/v1/namespaces/{home}/leases/codeparrot-operator")).Body;

    private Task UntilHeldAsync(string home, string identity) =>
        Scene.UntilAsync(
            async () => (string?)(await LeaseAsync(home))["spec"]?["holderIdentity"] == identity,
            $"{identity} holds the lease"
        );
}
