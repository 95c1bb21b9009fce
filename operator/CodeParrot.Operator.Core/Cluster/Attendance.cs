namespace CodeParrot.Operator.Core.Cluster;

/// <summary>
/// Knows since when an observer looks without a gap. A process that was paused wakes up with old readings: what was
/// silent meanwhile may only have been unseen, and no gang is to be blamed for it.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class Attendance(TimeProvider time)
{
    /// <summary>How often an observer has to look.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private DateTimeOffset? _last;
    private DateTimeOffset _since;

    /// <summary>Looks; after a gap the time without one begins anew.</summary>
    /// <returns>Since when there was no gap.</returns>
    public DateTimeOffset Look()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_last is not { } last || now - last > Gap)
            {
                _since = now;
            }

            _last = now;
            return _since;
        }
    }

    /// <summary>Keeps looking until it is told to stop; a cancelled token is no error.</summary>
    public async Task KeepAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Look();
                await Task.Delay(Beat, time, stop);
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever looks next finds the gap.
        }
    }
}
