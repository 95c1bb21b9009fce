namespace CodeParrot.Contract.Spec;

/// <summary>When checkpoints are written and which are kept.</summary>
public sealed record CheckpointsSpec
{
    /// <summary>Steps between checkpoints; one is also written at the end and on a stop.</summary>
    public int EverySteps { get; init; } = 15000;

    /// <summary>Which checkpoints stay.</summary>
    public RetentionSpec Keep { get; init; } = new();

    /// <summary>A new value asks for a checkpoint now. Control.</summary>
    public string RequestNonce { get; init; } = "";
}
