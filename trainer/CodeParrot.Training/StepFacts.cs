using System.Runtime.InteropServices;

namespace CodeParrot.Training;

/// <summary>One finished step, for metrics.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct StepFacts
{
    /// <summary>Steps done, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>Mean training loss over all ranks, nats a token; not finite in a step skipped for that.</summary>
    public required double Loss { get; init; }

    /// <summary>Global norm before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The rate that the update used.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Whether the model was left as it was.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>Tokens of the step, all ranks.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens a second over the last steps, all ranks.</summary>
    public double TokensPerSecond { get; init; }

    /// <summary>Model FLOPs utilisation over the last steps; null where no peak is known.</summary>
    public double? Mfu { get; init; }

    /// <summary>Wall time of the step.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>This rank's own forward and backward passes.</summary>
    public required TimeSpan Compute { get; init; }

    /// <summary>This rank's wait for gradients of others after its last backward pass.</summary>
    public required TimeSpan Waiting { get; init; }

    /// <summary>This rank's wait for data.</summary>
    public TimeSpan DataWait { get; init; }
}
