namespace CodeParrot.Simulation.Tests.Scheduling;

/// <summary>
/// A process that may be paused, as by a suspended machine, or killed, as by SIGKILL: nothing of it runs any more,
/// not even its
/// <c>finally</c> blocks.
/// </summary>
internal sealed class SimulatedProcess : SynchronizationContext
{
    private readonly Scheduler _scheduler;
    private readonly List<Action> _held = [];

    public SimulatedProcess(Scheduler scheduler, int id, string name)
    {
        _scheduler = scheduler;
        Id = id;
        Name = name;
        Time = new ProcessTime(scheduler, this);
    }

    public int Id { get; }

    public string Name { get; }

    public ProcessTime Time { get; }

    public bool IsPaused { get; private set; }

    public bool IsDead { get; private set; }

    /// <summary>Gets what the process threw at its outermost frame; null for nothing.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Gets whether its main task has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Starts the process's main task.</summary>
    public void Start(Func<Task> main) => Post(_ => _ = WatchAsync(main), null);

    public void Kill()
    {
        IsDead = true;
        _scheduler.Tell(Name, "is killed");
    }

    public void Pause(TimeSpan time)
    {
        if (IsPaused || IsDead)
        {
            return;
        }

        _scheduler.Tell(Name, $"is paused for {time.TotalSeconds:F1} s");
        IsPaused = true;
        _scheduler.After(time, Resume);
    }

    public void WhenResumed(Action action) => _held.Add(action);

    /// <summary>Runs code of this process.</summary>
    public void Run(Action action)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            action();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => _scheduler.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => Run(() => d(state));

    public override SynchronizationContext CreateCopy() => this;

    private void Resume()
    {
        IsPaused = false;
        if (IsDead)
        {
            return;
        }

        _scheduler.Tell(Name, "goes on");
        foreach (var held in _held)
        {
            Post(_ => held(), null);
        }

        _held.Clear();
    }

    private async Task WatchAsync(Func<Task> main)
    {
        try
        {
            await main();
        }
        catch (OperationCanceledException) { }
        catch (Exception e)
        {
            Failure = e;
        }

        HasEnded = true;
        _scheduler.Tell(Name, Failure is null ? "has ended" : $"fell: {Failure.GetType().Name}: {Failure.Message}");
    }
}
