namespace CodeParrot.Contract.Spec;

/// <summary>When checkpoints are written and which are kept.</summary>
public sealed record CheckpointsSpec
{
    /// <summary>Steps between checkpoints; one is also written at the end and on a stop.</summary>
    public int EverySteps { get; init; } = 15000;

    /// <summary>Which checkpoints stay.</summary>
    public RetentionSpec Keep { get; init; } = new();

    /// <summary>
    /// A new value asks for one checkpoint now: it is taken after the step that is being made, and training goes on.
    /// While the run does not train (before training, between attempts, under suspend) the request waits for the first
    /// step that follows, also when it was there at creation. When training is over, the newest checkpoint is the
    /// answer. Each value is answered once, in <c>status.checkpointRequest</c>.
    /// </summary>
    public string RequestNonce { get; init; } = "";
}
