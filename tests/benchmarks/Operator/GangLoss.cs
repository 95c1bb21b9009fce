using System.Diagnostics;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// One rank of a running gang fails: seconds from sending its status to the first pod of the old attempt that goes, and
/// from the last one that goes to the first of the next attempt. Pods have no nodes here, so that a deletion is done at
/// once. Baseline: a bare client that waits for the same event and does the one thing.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="progress">Answers of pods.</param>
/// <param name="options">Ranks and losses.</param>
internal sealed class GangLoss(ClusterApi api, ProgressPods progress, OperatorBenchmarkOptions options)
{
    private const string Space = "loss";
    private const string Run = "lossy";

    // Spreads the lost ranks over the gang.
    private const int Stride = 379;

    /// <summary>Measures.</summary>
    public async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await api.CreateNamespaceAsync(Space);
        await using var kubelet = new FakeKubelet(api, Space, progress);
        kubelet.Start();
        await using var watch = new PodWatch(api, Space, kubelet.Hear);
        await using var process = await OperatorProcess.StartAsync(options, Space);
        await api.CreateAsync(ClusterApi.Runs(Space), RunBodies.Of(Run, options.Ranks));
        List<double> toDelete = [];
        List<double> toCreate = [];
        for (var attempt = 1; attempt <= options.Losses; attempt++)
        {
            await RunAttemptAsync(kubelet, watch, process, attempt);
            var lost = attempt * Stride % options.Ranks;
            var failed = Stopwatch.GetTimestamp();
            await kubelet.EndAsync($"{Run}-{StageNames.Train}-a{attempt}-{lost}", exitCode: 1);
            var gone = await watch.WaitAsync(Run, StageNames.Train, attempt, "DELETED", options.Ranks);
            var next = await watch.WaitAsync(Run, StageNames.Train, attempt + 1, "ADDED", 1);
            toDelete.Add(Stopwatch.GetElapsedTime(failed, gone[0].At).TotalSeconds);
            toCreate.Add(Stopwatch.GetElapsedTime(gone[^1].At, next[0].At).TotalSeconds);
        }

        var (bareDelete, bareCreate) = await new BareReaction(api, progress, options.Losses).MeasureAsync();
        return
        [
            new Figure($"rank of {options.Ranks} lost: to first delete, s", toDelete, bareDelete, "<= 1"),
            new Figure($"rank of {options.Ranks} lost: last gone to create, s", toCreate, bareCreate, "<= 1"),
        ];
    }

    private async Task RunAttemptAsync(FakeKubelet kubelet, PodWatch watch, OperatorProcess process, int attempt)
    {
        var pods = await watch.WaitAsync(Run, StageNames.Train, attempt, "ADDED", options.Ranks);
        await kubelet.RunAllAsync(pods);
        await Waiting.UntilAsync(
            async () =>
                (await api.GetAsync($"{ClusterApi.Runs(Space)}/{Run}")) is { } run
                && (int?)run["status"]?["workers"]?["ready"] == options.Ranks
                && (string?)run["status"]?["phase"] == "Running",
            $"all ranks of attempt {attempt} run"
        );

        // What the statuses of so many pods gave to do is done when nothing is written any more.
        await Waiting.UntilQuietAsync(process);
    }
}
