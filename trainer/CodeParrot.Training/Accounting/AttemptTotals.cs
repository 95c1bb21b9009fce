namespace CodeParrot.Training.Accounting;

/// <summary>Sums over the steps of an attempt.</summary>
internal sealed class AttemptTotals
{
    private TimeSpan _dataWait;

    public long Steps { get; private set; }

    public long Tokens { get; private set; }

    public TimeSpan Training { get; private set; }

    public int Pauses { get; private set; }

    public TimeSpan Pause { get; private set; }

    public double TokensPerSecond => Training > TimeSpan.Zero ? Tokens / Training.TotalSeconds : 0;

    public double DataWait => Training > TimeSpan.Zero ? _dataWait / Training : 0;

    public void Add(TimeSpan duration, TimeSpan dataWait, long tokens)
    {
        Steps++;
        Tokens += tokens;
        Training += duration;
        _dataWait += dataWait;
    }

    public void AddPause(TimeSpan pause)
    {
        Pauses++;
        Pause += pause;
    }
}
