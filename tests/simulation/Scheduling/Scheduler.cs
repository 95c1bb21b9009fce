namespace CodeParrot.Simulation.Tests.Scheduling;

/// <summary>
/// One thread, one virtual clock, one seed: picks what runs next among the continuations that are ready, and moves
/// the clock to the next event when none is, or now and then a little before that, as a busy machine would.
/// </summary>
internal sealed class Scheduler
{
    /// <summary>When every simulation begins.</summary>
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // So much later than due may something run because the machine is busy.
    private static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(200);

    private readonly PriorityQueue<ScheduledEvent, (TimeSpan Due, int Lot, long Order)> _events = new();
    private readonly List<(SimulatedProcess Process, SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly Random _random;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private Exception? _broken;
    private long _order;

    public Scheduler(int seed, Trace trace)
    {
        _random = new Random(seed);
        Trace = trace;
    }

    /// <summary>Gets the virtual time since the beginning.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Gets the virtual time as a date.</summary>
    public DateTimeOffset UtcNow => Epoch + Now;

    /// <summary>Gets what happened.</summary>
    public Trace Trace { get; }

    /// <summary>Gets how many continuations and events ran.</summary>
    public long Executed { get; private set; }

    /// <summary>Ends the simulation: it has shown what it has to.</summary>
    public void Break(Exception exception) => _broken ??= exception;

    /// <summary>Adds a line to the trace.</summary>
    public void Tell(string actor, string what) => Trace.Tell(Now, actor, what);

    /// <summary>Runs an action of the world after a time.</summary>
    /// <returns>The event; cancelling it is allowed at any time.</returns>
    public ScheduledEvent After(TimeSpan delay, Action action) => Add(delay, action, process: null);

    /// <summary>Runs an action in a process after a time, while the process is alive and not paused.</summary>
    public ScheduledEvent After(TimeSpan delay, Action action, SimulatedProcess process) => Add(delay, action, process);

    /// <summary>Makes a continuation ready.</summary>
    public void Post(SimulatedProcess process, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _broken = new SchedulerLeftException(process.Name, Environment.StackTrace);
            return;
        }

        if (!process.IsDead)
        {
            _ready.Add((process, callback, state));
        }
    }

    /// <summary>Runs until a condition holds, nothing is left to run, or the clock would pass a time.</summary>
    /// <returns>True when the condition holds.</returns>
    /// <exception cref="SchedulerLeftException">A continuation came from another thread.</exception>
    public bool RunUntil(Func<bool> done, TimeSpan until)
    {
        while (!done())
        {
            if (_broken is not null)
            {
                throw _broken;
            }

            var ready = PickReady(out var index);
            if (ready && !LateByChance())
            {
                RunReady(index);
            }
            else if (_events.TryPeek(out _, out var next) && next.Due <= until)
            {
                RunEvent(_events.Dequeue(), next.Due);
            }
            else if (ready)
            {
                RunReady(index);
            }
            else
            {
                Now = until > Now ? until : Now;
                return done();
            }
        }

        return true;
    }

    private ScheduledEvent Add(TimeSpan delay, Action action, SimulatedProcess? process)
    {
        var due = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        var added = new ScheduledEvent(action, process);
        // Events of one moment come in an order that the seed draws, not in that of their making.
        _events.Enqueue(added, (due, _random.Next(), _order++));
        return added;
    }

    private bool PickReady(out int index)
    {
        _ready.RemoveAll(r => r.Process.IsDead);
        index = _ready.Count == 0 ? -1 : _random.Next(_ready.Count);
        if (index >= 0 && _ready[index].Process.IsPaused)
        {
            index = _ready.FindIndex(r => !r.Process.IsPaused);
        }

        return index >= 0;
    }

    private bool LateByChance() =>
        _events.TryPeek(out _, out var next) && next.Due - Now <= Busy && _random.Next(32) == 0;

    private void RunReady(int index)
    {
        var (process, callback, state) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Trace.Mix((index << 8) + process.Id);
        Executed++;
        process.Run(() => callback(state));
    }

    private void RunEvent(ScheduledEvent next, TimeSpan due)
    {
        Now = due > Now ? due : Now;
        if (next.IsCancelled || next.Process is { IsDead: true })
        {
            return;
        }

        Executed++;
        if (next.Process is not { } process)
        {
            next.Run();
        }
        else if (process.IsPaused)
        {
            // What falls due during a pause runs when it ends.
            process.WhenResumed(next.Run);
        }
        else
        {
            process.Run(next.Run);
        }
    }
}
