namespace CodeParrot.Contract.Spec;

/// <summary>
/// A spike: a loss or a gradient norm that stands out of the steps before, by its distance from their mean in standard
/// deviations (z-score).
/// </summary>
public sealed record SpikesSpec
{
    /// <summary>What is done about a step with a spike.</summary>
    public SpikeAction Action { get; init; } = SpikeAction.Log;

    /// <summary>Steps before it that a step is compared with; nothing is judged until there are so many.</summary>
    public int WindowSteps { get; init; } = 128;

    /// <summary>z-score of the loss above which it is a spike; 0 switches this off.</summary>
    public double LossZScore { get; init; } = 6;

    /// <summary>z-score of the gradient's norm above which it is a spike; 0 switches this off.</summary>
    public double GradientNormZScore { get; init; } = 6;

    /// <summary>
    /// Spikes in a row after which RollBack goes back; Log and Skip take them for the new level then, and go on.
    /// </summary>
    public int Patience { get; init; } = 3;
}
