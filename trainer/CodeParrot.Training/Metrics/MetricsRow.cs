using System.Runtime.InteropServices;
using CodeParrot.Training.Accounting;

namespace CodeParrot.Training.Metrics;

/// <summary>What is recorded of a step.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MetricsRow
{
    public required long Steps { get; init; }
    public required long Samples { get; init; }
    public required long Tokens { get; init; }
    public required double LearningRate { get; init; }
    public required double Loss { get; init; }
    public required double GradientNorm { get; init; }
    public required double TokensPerSecond { get; init; }
    public required DateTimeOffset Time { get; init; }
    public double? EvalLoss { get; init; }
    public double? Mfu { get; init; }
    public TimeSpan Duration { get; init; }
    public TimeSpan DataWait { get; init; }

    /// <summary>Time that training stood still for checkpoints since the step before.</summary>
    public TimeSpan CheckpointPause { get; init; }
    public double Goodput { get; init; }
    public long? PeakMemoryBytes { get; init; }
    public long? PeakDeviceMemoryBytes { get; init; }
    public Straggler? Straggler { get; init; }

    /// <summary>Steps of the run that were not applied.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Factor on the loss; null where the precision needs none.</summary>
    public double? LossScale { get; init; }
}
