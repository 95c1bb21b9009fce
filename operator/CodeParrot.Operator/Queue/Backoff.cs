namespace CodeParrot.Operator.Queue;

/// <summary>Waits that double with every failure in a row, with jitter, up to a longest one.</summary>
/// <param name="initial">Wait after the first failure.</param>
/// <param name="max">Longest wait.</param>
/// <param name="random">Seeded generator; used by one caller at a time.</param>
internal sealed class Backoff(TimeSpan initial, TimeSpan max, Random random)
{
    private const int MaxDoublings = 30;

    /// <summary>The wait after a number of failures in a row, from half to the whole of the doubled one.</summary>
    public TimeSpan After(int failures)
    {
        var full = initial * Math.Pow(2, Math.Clamp(failures - 1, 0, MaxDoublings));
        return (full < max ? full : max) * (0.5 + (random.NextDouble() / 2));
    }
}
