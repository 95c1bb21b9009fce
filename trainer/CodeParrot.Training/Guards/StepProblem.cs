namespace CodeParrot.Training.Guards;

/// <summary>What is wrong with a step.</summary>
internal enum StepProblem
{
    None,

    /// <summary>The loss is not a number: the weights or the data are broken.</summary>
    LossNotFinite,

    /// <summary>The gradient is not a number.</summary>
    GradientNotFinite,

    /// <summary>The gradient is not a number, and the loss scale may be the cause: it was halved.</summary>
    Overflow,

    /// <summary>The loss stands out of the steps before.</summary>
    LossSpike,

    /// <summary>The gradient's norm stands out of the steps before.</summary>
    GradientSpike,
}
