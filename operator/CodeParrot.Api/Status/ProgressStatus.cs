namespace CodeParrot.Api.Status;

/// <summary>The newest reading of a run's progress.</summary>
public sealed record ProgressStatus
{
    /// <summary>Stage in lower case.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Finished steps, or items of a stage without steps.</summary>
    public long Step { get; init; }

    /// <summary>Steps or items in all; 0 while unknown.</summary>
    public long MaxSteps { get; init; }

    /// <summary>Tokens trained on.</summary>
    public long Tokens { get; init; }

    /// <summary>Training loss of the last finished step.</summary>
    public double? Loss { get; init; }

    /// <summary>Newest loss on held-out data.</summary>
    public double? EvalLoss { get; init; }

    /// <summary>e to the power of <see cref="EvalLoss"/>.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Tokens a second, all ranks.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Model FLOPs utilisation, 0 to 1.</summary>
    public double? Mfu { get; init; }

    /// <summary>Time to the end of the stage.</summary>
    public TimeSpan? Eta { get; init; }

    /// <summary>When this was written.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}
