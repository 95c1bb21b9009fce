using CodeParrot.Api.Status;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator.Kubelet;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>
/// The operator dies at any point, again and again, while runs go on: nothing is lost, and nothing made twice.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class RobustnessTests(ControlPlane plane, ITestOutputHelper output)
{
    // OPERATOR_KILLS=200 is the long version; OPERATOR_SEED repeats a sequence of lives.
    private static OperatorProcess StartAlone(string kubeconfig, Scene scene, string home) =>
        OperatorProcess.Start(kubeconfig, scene, "--own-namespace", home, "--leader-elect", "false");

    private static readonly int Kills = Number("OPERATOR_KILLS", 12);
    private static readonly int Seed = Number("OPERATOR_SEED", 1);

    private const int Concurrent = 6;

    [Fact]
    public async Task An_operator_that_is_killed_again_and_again_loses_and_duplicates_nothing()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var (kubeconfig, home) = await new OperatorAccount(plane).OfClusterAsync();
        var space = await plane.NewNamespaceAsync();
        var random = new Random(Seed);
        output.WriteLine($"seed {Seed}, {Kills} kills");
        var runs = new List<FollowedRun>();

        for (var kill = 0; kill < Kills; kill++)
        {
            while (runs.Count(r => !IsDone(r)) < Concurrent)
            {
                runs.Add(await CreateAsync(scene, space, runs.Count));
            }

            await using var @operator = StartAlone(kubeconfig, scene, home);
            await @operator.UntilReadyAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1000)), TestContext.Current.CancellationToken);
            await @operator.KillAsync();
            Assert.Empty(@operator.LogOf("Error"));
        }

        await using var last = StartAlone(kubeconfig, scene, home);
        await last.UntilReadyAsync();
        foreach (var run in runs)
        {
            var done = await run.UntilAsync(RunPhase.Succeeded);
            // An end that nobody was there to see is counted once.
            var failures =
                run.Pods.Count(p => p is { Stage: "train", Attempt: 1, PodIndex: 1 }) * (FailsOnce(run) ? 1 : 0);
            Assert.Equal((1 + failures, failures), (done.Status.Attempt, done.Status.Restarts));
        }

        output.WriteLine($"{runs.Count} runs, {scene.Kubelet.Pods.Count} pods");
        GangInvariants.Check(scene.Kubelet.Pods);
        foreach (var run in runs)
        {
            GangInvariants.CheckCounters([.. run.States]);
        }

        Assert.Empty(scene.Kubelet.Mistakes);
        Assert.Empty(
            (await last.MetricsAsync("codeparrot_operator_api_requests_total{")).Where(l =>
                l.Contains("\"403\"", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task A_crash_of_the_api_server_stops_nothing_for_good()
    {
        plane.Require();
        await using var scene = new Scene(plane);
        var (kubeconfig, home) = await new OperatorAccount(plane).OfClusterAsync();
        await using var @operator = StartAlone(kubeconfig, scene, home);
        await @operator.UntilReadyAsync();
        var running = await scene.CreateAsync(
            script: PodScript.Except(p => p is { Stage: "train", Attempt: 1 }, Trainers.TrainUpTo(100))
        );
        await running.UntilAsync(RunPhase.Running);
        var beginning = await scene.CreateAsync(space: running.Namespace, name: "beginning");

        await plane.KillApiServerAsync();
        await plane.StartApiServerAsync();

        await beginning.UntilAsync(RunPhase.Succeeded);
        Assert.Equal((1, RunPhase.Running), (running.States.Last().Status.Attempt, running.States.Last().Status.Phase));
        await running.PodsOf("train", 1)[0].EndAsync(1);
        Assert.Equal(2, (await running.UntilAsync(RunPhase.Succeeded)).Status.Attempt);
        var restarts = await @operator.MetricsAsync("codeparrot_operator_watch_restarts_total{");
        Assert.Contains(restarts, r => r.Contains("pods", StringComparison.Ordinal));
        Assert.Empty(@operator.LogOf("Error"));
        GangInvariants.Check(scene.Kubelet.Pods);
    }

    private static async Task<FollowedRun> CreateAsync(Scene scene, string space, int number)
    {
        // Every third run has one rank that fails in its first attempt, and another that waits for it.
        var fails = number % 3 == 2;
        var script = new PodScript(p =>
            (fails, p) switch
            {
                (true, { Stage: "train", Attempt: 1, PodIndex: 1 }) => FailAsync(p),
                (true, { Stage: "train", Attempt: 1 }) => Trainers.TrainUpTo(0)(p),
                _ => Trainers.HurryAsync(p),
            }
        );
        return await scene.CreateAsync("{}", script, space, fails ? $"fails-{number}" : $"run-{number}");
    }

    private static async Task FailAsync(WrittenPod pod)
    {
        await pod.StartAsync();
        await pod.EndAsync(1);
    }

    private static bool FailsOnce(FollowedRun run) => run.Name.StartsWith("fails", StringComparison.Ordinal);

    private static bool IsDone(FollowedRun run) => run.States.LastOrDefault()?.Status.Phase == RunPhase.Succeeded;

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
