namespace CodeParrot.Api.Status;

/// <summary>The newest explicit promotion: what <c>spec.publish.promote</c> named, and what became of it.</summary>
public sealed record PromotionStatus
{
    /// <summary>The value of <c>spec.publish.promote</c>.</summary>
    public string Value { get; init; } = "";

    /// <summary>
    /// A reason: PromotionStarted, Promoted, CheckpointMissing, CheckpointDeleted or PromotionFailed; empty where
    /// none is named any more.
    /// </summary>
    public string Result { get; init; } = "";

    /// <summary>What to know of the result.</summary>
    public string Message { get; init; } = "";

    /// <summary>Number of the newest task, from 1: each has a pod of its own name.</summary>
    public int Number { get; init; }

    /// <summary>Tasks that were begun for this value.</summary>
    public int Tries { get; init; }
}
