using System.Diagnostics;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// Sees every change of a namespace's pods and notes when: one instrument for the operator's and for the baseline's
/// pods.
/// </summary>
internal sealed class PodWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<PodEvent> _events = [];
    private readonly Task _following;

    /// <summary>Begins to watch.</summary>
    /// <param name="api">The server.</param>
    /// <param name="ns">Namespace.</param>
    /// <param name="heard">Told of every event; must be quick.</param>
    public PodWatch(ClusterApi api, string ns, Action<PodEvent> heard) => _following = FollowAsync(api, ns, heard);

    /// <summary>Events of a run's pods of one stage and attempt, in their order.</summary>
    public IReadOnlyList<PodEvent> Of(string run, string stage, int attempt, string kind)
    {
        lock (_lock)
        {
            return [.. _events.Where(e => e.Run == run && e.Stage == stage && e.Attempt == attempt && e.Kind == kind)];
        }
    }

    /// <summary>Waits for so many events of a run's pods.</summary>
    public async Task<IReadOnlyList<PodEvent>> WaitAsync(string run, string stage, int attempt, string kind, int count)
    {
        await Waiting.UntilAsync(
            async () =>
            {
                if (_following.IsCompleted)
                {
                    await _following;
                }

                return Of(run, stage, attempt, kind).Count >= count;
            },
            $"{count} pods of {run}, stage {stage}, attempt {attempt} are {kind}"
        );
        return Of(run, stage, attempt, kind);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _following;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        _end.Dispose();
    }

    private async Task FollowAsync(ClusterApi api, string ns, Action<PodEvent> heard)
    {
        await foreach (var change in api.WatchAsync(ClusterApi.Pods(ns), _end.Token))
        {
            var seen = PodEvent.Of(Stopwatch.GetTimestamp(), change);
            lock (_lock)
            {
                _events.Add(seen);
            }

            heard(seen);
        }
    }
}
