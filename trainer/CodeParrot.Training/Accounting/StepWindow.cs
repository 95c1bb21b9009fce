namespace CodeParrot.Training.Accounting;

/// <summary>Times of the last steps.</summary>
internal sealed class StepWindow
{
    // Long enough to smooth steps of different length, short enough to show a change within a few of them.
    private const int WindowSteps = 20;

    private readonly (TimeSpan Duration, TimeSpan DataWait, long Tokens)[] _steps = new (TimeSpan, TimeSpan, long)[
        WindowSteps
    ];
    private int _count;

    /// <summary>Gets tokens a second, all ranks; 0 before the first step.</summary>
    public double TokensPerSecond { get; private set; }

    /// <summary>Gets the mean time of a step.</summary>
    public double SecondsPerStep { get; private set; }

    /// <summary>Gets the share of the time in which this rank waited for data.</summary>
    public double DataWait { get; private set; }

    /// <summary>Adds a step.</summary>
    public void Add(TimeSpan duration, TimeSpan dataWait, long tokens)
    {
        _steps[_count++ % WindowSteps] = (duration, dataWait, tokens);
        var filled = Math.Min(_count, WindowSteps);
        var (seconds, waited, all) = (0.0, 0.0, 0L);
        for (var i = 0; i < filled; i++)
        {
            seconds += _steps[i].Duration.TotalSeconds;
            waited += _steps[i].DataWait.TotalSeconds;
            all += _steps[i].Tokens;
        }
        TokensPerSecond = seconds > 0 ? all / seconds : 0;
        SecondsPerStep = seconds / filled;
        DataWait = seconds > 0 ? waited / seconds : 0;
    }
}
