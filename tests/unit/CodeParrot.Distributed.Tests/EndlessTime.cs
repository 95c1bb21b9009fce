namespace CodeParrot.Distributed.Tests;

/// <summary>
/// The system's clock, until a test says that long waits are never over: what happens then is made by somebody.
/// </summary>
/// <param name="longWait">The shortest of those; shorter ones end as ever.</param>
internal sealed class EndlessTime(TimeSpan longWait) : TimeProvider
{
    private volatile bool _isEndless;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime < longWait
            ? base.CreateTimer(callback, state, dueTime, period)
            : base.CreateTimer(given => RunUnlessEndless(callback, given), state, dueTime, period);

    public void Begin() => _isEndless = true;

    private void RunUnlessEndless(TimerCallback callback, object? state)
    {
        if (!_isEndless)
        {
            callback(state);
        }
    }
}
