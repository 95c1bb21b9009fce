using System.Collections.Concurrent;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.CheckpointRequests;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Progress;

/// <summary>
/// Reads the progress of every living attempt's first pod, again and again, and keeps the newest answers. A run is
/// looked at when an answer tells of a new attempt, stage or checkpoint, of one that was deleted, of a request that was
/// served, or of the first step; other numbers wait for the look that the planner asks for itself. An open request for
/// a checkpoint goes with the question.
/// </summary>
/// <param name="source">Asks a pod.</param>
/// <param name="runs">The runs.</param>
/// <param name="pods">Their pods.</param>
/// <param name="changed">Told which run is to be looked at.</param>
/// <param name="options">How often, and how many at once.</param>
/// <param name="time">Clock.</param>
internal sealed class ProgressReader(
    IProgressSource source,
    Store<RunRecord> runs,
    Store<PodObservation> pods,
    Action<RunKey> changed,
    OperatorOptions options,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<RunKey, RunProgress> _newest = new();

    /// <summary>The newest answer of a run; null for none.</summary>
    public RunProgress? Of(RunKey run) => _newest.GetValueOrDefault(run);

    /// <summary>Reads until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await ReadAllAsync(cancellationToken);
                await Task.Delay(options.ProgressInterval, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
    }

    /// <summary>Reads every living attempt's first pod once.</summary>
    public async Task ReadAllAsync(CancellationToken cancellationToken)
    {
        var due = new Queue<(RunKey Run, string Uid, PodObservation Pod, CheckpointRequest? Request)>(
            runs.All().OrderBy(r => r.Run?.ToString(), StringComparer.Ordinal).SelectMany(r => FirstPods(r.Value))
        );
        var known = due.Select(d => d.Run).ToHashSet();
        foreach (var run in _newest.Keys.Where(r => !known.Contains(r)))
        {
            _newest.TryRemove(run, out _);
        }

        await Task.WhenAll(Enumerable.Range(0, options.ProgressReaders).Select(_ => ReadAsync(due, cancellationToken)));
    }

    private IEnumerable<(RunKey Run, string Uid, PodObservation Pod, CheckpointRequest? Request)> FirstPods(
        RunRecord record
    )
    {
        if (record.Run is not { } run || run.Status.LivingAttempt() is null)
        {
            yield break;
        }

        var key = RunKey.Of(run);
        var observed = new Observed { Run = run, Pods = pods.Of(key) };
        var first = observed.StagePods().FirstOrDefault(p => p.PodIndex == 0);
        if (first is { Phase: PodPhase.Running, Address.Length: > 0 })
        {
            yield return (key, record.Uid, first, OpenRequest.ForTrainer(observed));
        }
    }

    private async Task ReadAsync(
        Queue<(RunKey Run, string Uid, PodObservation Pod, CheckpointRequest? Request)> due,
        CancellationToken token
    )
    {
        while (true)
        {
            (RunKey Run, string Uid, PodObservation Pod, CheckpointRequest? Request) next;
            lock (due)
            {
                if (!due.TryDequeue(out next))
                {
                    return;
                }
            }

            var answer = await source.ReadAsync(next.Pod, next.Request, token);
            if (answer is not null && answer.RunUid == next.Uid && answer.Attempt == next.Pod.Attempt)
            {
                Keep(next.Run, answer);
            }
        }
    }

    private void Keep(RunKey run, RunProgress answer)
    {
        var before = _newest.GetValueOrDefault(run);
        _newest[run] = answer;
        if (
            before is null
            || before.RunUid != answer.RunUid
            || before.Attempt != answer.Attempt
            || before.Stage != answer.Stage
            || before.Checkpoint?.Digest != answer.Checkpoint?.Digest
            || before.Checkpoint?.Name != answer.Checkpoint?.Name
            || before.ServedRequest != answer.ServedRequest
            || !(before.Stored ?? []).SequenceEqual(answer.Stored ?? [])
            || (before.Step == 0 && answer.Step > 0)
        )
        {
            changed(run);
        }
    }
}
