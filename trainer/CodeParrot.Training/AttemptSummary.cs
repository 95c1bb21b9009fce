namespace CodeParrot.Training;

/// <summary>What an attempt came to, for the table at its end. Times and memory are those of one rank.</summary>
public sealed record AttemptSummary
{
    /// <summary>Steps that this attempt made.</summary>
    public required long Steps { get; init; }

    /// <summary>Steps of the run that were not applied, by all attempts.</summary>
    public required long SkippedSteps { get; init; }

    /// <summary>Tokens of the attempt's steps, all ranks.</summary>
    public required long Tokens { get; init; }

    /// <summary>Time of the attempt's steps.</summary>
    public required TimeSpan Training { get; init; }

    /// <summary>Tokens a second of that time.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Model FLOPs utilisation, 0 to 1; null where no peak is known.</summary>
    public required double? Mfu { get; init; }

    /// <summary>Share of the time in which the rank waited for data.</summary>
    public required double DataWait { get; init; }

    /// <summary>Time that training stood still for checkpoints.</summary>
    public required TimeSpan CheckpointPause { get; init; }

    /// <summary>Checkpoints it stood still for.</summary>
    public required int Checkpoints { get; init; }

    /// <summary>Useful step time over all time since training first began, 0 to 1.</summary>
    public required double Goodput { get; init; }

    /// <summary>Most memory of the process.</summary>
    public required long? PeakMemoryBytes { get; init; }

    /// <summary>Most memory in use on the GPU; null without one.</summary>
    public required long? PeakDeviceMemoryBytes { get; init; }

    /// <summary>Slowest rank at the end; null with one rank.</summary>
    public required int? StragglerRank { get; init; }

    /// <summary>Its computation over the median of all ranks.</summary>
    public required double? StragglerRatio { get; init; }
}
