namespace CodeParrot.Training.Accounting;

/// <summary>What a checkpoint keeps of a run's time, so that goodput counts over attempts.</summary>
internal sealed record AccountState
{
    /// <summary>When training first began.</summary>
    public DateTimeOffset BeganAt { get; init; }

    /// <summary>Seconds of the steps that the checkpoint has the result of.</summary>
    public double UsefulSeconds { get; init; }
}
