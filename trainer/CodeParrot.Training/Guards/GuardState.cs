namespace CodeParrot.Training.Guards;

/// <summary>
/// What a guard remembers of the steps before, in a checkpoint: a resumed run judges as an undisturbed one.
/// </summary>
internal sealed record GuardState
{
    /// <summary>Steps in a row that were no numbers.</summary>
    public int BadSteps { get; init; }

    /// <summary>Spikes in a row.</summary>
    public int Spikes { get; init; }

    /// <summary>Steps of the run that were not applied.</summary>
    public long SkippedSteps { get; init; }

    /// <summary>Factor on the loss; null where the precision needs none.</summary>
    public double? LossScale { get; init; }

    /// <summary>Steps without an overflow since the factor changed.</summary>
    public int ScaleGoodSteps { get; init; }

    /// <summary>The last losses, oldest first.</summary>
    public IReadOnlyList<double> Losses { get; init; } = [];

    /// <summary>The last gradient norms, oldest first.</summary>
    public IReadOnlyList<double> GradientNorms { get; init; } = [];
}
