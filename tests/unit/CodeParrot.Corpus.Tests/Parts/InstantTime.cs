namespace CodeParrot.Corpus.Tests.Parts;

/// <summary>
/// A clock on which waits end at once; it advances by their length, or stands still so that nobody is ever silent for
/// long.
/// </summary>
internal sealed class InstantTime(bool advances) : TimeProvider
{
    private long _ticks;

    public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (advances)
            Interlocked.Add(ref _ticks, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(advances ? 0 : 1), period);
    }
}
