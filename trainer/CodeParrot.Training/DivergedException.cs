namespace CodeParrot.Training;

/// <summary>The loss or the gradient is not a number. The update was not applied; exit code 40.</summary>
public sealed class DivergedException(long step, double loss, double gradientNorm)
    : Exception(
        $"training diverged at step {step}: loss {loss}, gradient norm {gradientNorm}; the update was not applied. "
            + "Roll back to an earlier checkpoint, with skipSteps to leave this data out, or with a lower learningRate"
    )
{
    /// <summary>Gets the step that would have been done, from 1.</summary>
    public long Step => step;

    /// <summary>Gets its mean loss over all ranks.</summary>
    public double Loss => loss;

    /// <summary>Gets the global norm of its gradient.</summary>
    public double GradientNorm => gradientNorm;
}
