namespace CodeParrot.Contract.Spec;

/// <summary>
/// Which checkpoints stay; the last complete one, rollback targets and those that a ref names always do.
/// </summary>
public sealed record RetentionSpec
{
    /// <summary>The newest of a branch, at least 1.</summary>
    public int Last { get; init; } = 5;

    /// <summary>Those at a multiple of this step; 0 keeps none for this reason.</summary>
    public int EverySteps { get; init; } = 50000;

    /// <summary>Those of the lowest evaluation loss.</summary>
    public int Best { get; init; } = 1;
}
