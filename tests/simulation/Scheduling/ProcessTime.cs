namespace CodeParrot.Simulation.Tests.Scheduling;

/// <summary>The virtual clock as one process sees it; its timers die with the process.</summary>
/// <param name="scheduler">Owns the clock.</param>
/// <param name="process">The process.</param>
internal sealed class ProcessTime(Scheduler scheduler, SimulatedProcess process) : TimeProvider
{
    /// <summary>Gets or sets how wrong the process's clock is; only dates are, durations are right.</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => scheduler.UtcNow + Skew;

    public override long GetTimestamp() => scheduler.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(scheduler, process, callback, state, dueTime, period);

    private sealed class Timer : ITimer
    {
        private readonly Scheduler _scheduler;
        private readonly SimulatedProcess _process;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private ScheduledEvent? _next;

        public Timer(
            Scheduler scheduler,
            SimulatedProcess process,
            TimerCallback callback,
            object? state,
            TimeSpan dueTime,
            TimeSpan period
        )
        {
            _scheduler = scheduler;
            _process = process;
            _callback = callback;
            _state = state;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _next?.Cancel();
            _next =
                dueTime == Timeout.InfiniteTimeSpan ? null : _scheduler.After(dueTime, () => Fire(period), _process);
            return true;
        }

        public void Dispose() => _next?.Cancel();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(TimeSpan period)
        {
            _next =
                period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero
                    ? null
                    : _scheduler.After(period, () => Fire(period), _process);
            _callback(_state);
        }
    }
}
