namespace CodeParrot.Training.Guards;

/// <summary>What becomes of a step whose gradients are there.</summary>
internal enum StepAction
{
    /// <summary>The model is updated.</summary>
    Update,

    /// <summary>The model stays as it is; the step and its data count as done.</summary>
    Skip,

    /// <summary>As <see cref="Skip"/>, and the run is to go back to its newest checkpoint.</summary>
    RollBack,

    /// <summary>The model stays as it is, and the attempt ends.</summary>
    Diverge,
}
