using System.Runtime.InteropServices;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Stepping;

/// <summary>What all ranks know after a step, and how long this one took over it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StepResult
{
    /// <summary>Mean training loss over all ranks.</summary>
    public required double Loss { get; init; }

    /// <summary>Global norm before clipping, without the loss scale.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The rate that the update used, or would have used.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Whether the model was updated, and what was wrong with the step.</summary>
    public required StepVerdict Verdict { get; init; }

    /// <summary>Some rank was asked to stop.</summary>
    public required bool StopWanted { get; init; }

    /// <summary>Some rank was asked for a checkpoint.</summary>
    public required bool CheckpointWanted { get; init; }

    /// <summary>Ranks that the round lacks have come.</summary>
    public bool RegroupWanted { get; init; }

    /// <summary>This rank's forward and backward passes, without its wait for data.</summary>
    public required TimeSpan Compute { get; init; }

    /// <summary>This rank's wait for the others' gradients.</summary>
    public required TimeSpan Waiting { get; init; }

    /// <summary>This rank's wait for data.</summary>
    public required TimeSpan DataWait { get; init; }

    /// <summary>The slowest rank; null with one rank.</summary>
    public Straggler? Straggler { get; init; }
}
