namespace CodeParrot.Training.Stepping;

/// <summary>What all ranks know after a step, and how long this one took over it.</summary>
/// <param name="Loss">Mean training loss over all ranks.</param>
/// <param name="GradientNorm">Global norm before clipping.</param>
/// <param name="LearningRate">The rate that the update used.</param>
/// <param name="StopWanted">Some rank was asked to stop.</param>
/// <param name="CheckpointWanted">Some rank was asked for a checkpoint.</param>
/// <param name="Compute">This rank's forward and backward passes.</param>
/// <param name="Waiting">This rank's wait for the others' gradients.</param>
internal sealed record StepResult(
    double Loss,
    double GradientNorm,
    double LearningRate,
    bool StopWanted,
    bool CheckpointWanted,
    TimeSpan Compute,
    TimeSpan Waiting
);
