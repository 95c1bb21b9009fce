using CodeParrot.Training.HeldOut;

namespace CodeParrot.Training.Engine;

/// <summary>Makes results from positions.</summary>
internal static class TrainingResults
{
    /// <summary>The result of an attempt that ends at a position.</summary>
    public static TrainingResult Of(TrainingOutcome outcome, RunPosition position, string checkpoint) =>
        new(
            outcome,
            position.Step,
            position.Loss,
            position.EvalLoss,
            Perplexity.Of(position.EvalLoss),
            checkpoint.Length == 0 ? null : checkpoint
        );
}
