using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>One open watch: events reach it in their order, each a while after it happened.</summary>
/// <param name="scheduler">Carries events.</param>
/// <param name="process">Who watches.</param>
/// <param name="filter">What is watched.</param>
internal sealed class Watcher(Scheduler scheduler, SimulatedProcess process, WatchFilter filter)
{
    private readonly Queue<WatchEvent> _arrived = new();
    private TaskCompletionSource? _waiting;
    private TimeSpan _lastArrival;
    private Exception? _failure;

    public WatchFilter Filter { get; } = filter;

    public SimulatedProcess Process { get; } = process;

    public bool IsOpen { get; private set; } = true;

    /// <summary>Sends an event that arrives after a delay, and not before those sent earlier.</summary>
    public void Send(WatchEvent told, TimeSpan delay) => Arrive(delay, () => _arrived.Enqueue(told));

    /// <summary>Ends the watch behind what was sent, with a failure or as a server does every few minutes.</summary>
    public void End(Exception? failure, TimeSpan delay) =>
        Arrive(
            delay,
            () =>
            {
                IsOpen = false;
                _failure = failure;
            }
        );

    /// <summary>Forgets the watch: nobody listens any more.</summary>
    public void Close() => IsOpen = false;

    /// <summary>The next event; null at the end.</summary>
    public async Task<WatchEvent?> NextAsync(CancellationToken cancellationToken)
    {
        while (_arrived.Count == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!IsOpen)
            {
                return _failure is null ? null : throw _failure;
            }

            _waiting = new TaskCompletionSource();
            await _waiting.Task.WaitAsync(cancellationToken);
        }

        return _arrived.Dequeue();
    }

    private void Arrive(TimeSpan delay, Action arrive)
    {
        var at = scheduler.Now + delay;
        _lastArrival = at > _lastArrival ? at : _lastArrival + TimeSpan.FromTicks(1);
        scheduler.After(
            _lastArrival - scheduler.Now,
            () =>
            {
                if (IsOpen && !Process.IsDead)
                {
                    arrive();
                    _waiting?.TrySetResult();
                }
            }
        );
    }
}
