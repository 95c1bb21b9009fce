namespace CodeParrot.Training;

/// <summary>One finished step, for metrics.</summary>
/// <param name="Step">Steps done, from 1.</param>
/// <param name="Loss">Mean training loss over all ranks, nats a token.</param>
/// <param name="GradientNorm">Global norm before clipping.</param>
/// <param name="LearningRate">The rate that the update used.</param>
/// <param name="Tokens">Tokens of the step, all ranks.</param>
/// <param name="Duration">Wall time of the step.</param>
/// <param name="Compute">This rank's own forward and backward passes.</param>
/// <param name="Waiting">This rank's wait for gradients of others after its last backward pass.</param>
public sealed record StepFacts(
    long Step,
    double Loss,
    double GradientNorm,
    double LearningRate,
    long Tokens,
    TimeSpan Duration,
    TimeSpan Compute,
    TimeSpan Waiting
);
