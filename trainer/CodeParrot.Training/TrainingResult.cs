namespace CodeParrot.Training;

/// <summary>The end of an attempt that did not fail.</summary>
/// <param name="Outcome">Finished or stopped.</param>
/// <param name="Step">Steps done in all.</param>
/// <param name="Loss">Training loss of the last step.</param>
/// <param name="EvalLoss">Newest loss on held-out data; null when there was none.</param>
/// <param name="Perplexity">e to the power of <paramref name="EvalLoss"/>; null when that is infinite.</param>
/// <param name="Checkpoint">Newest checkpoint, <c>branch/name</c>; null when there is none.</param>
public sealed record TrainingResult(
    TrainingOutcome Outcome,
    long Step,
    double? Loss,
    double? EvalLoss,
    double? Perplexity,
    string? Checkpoint
);
