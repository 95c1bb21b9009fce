namespace CodeParrot.Training;

/// <summary>A loss or the gradient is not a number; exit code 40.</summary>
public sealed class DivergedException : Exception
{
    private const string Remedy =
        "Roll back to an earlier checkpoint, with skipSteps to leave this data out, or with a lower learningRate";

    private DivergedException(string what, long step, double loss, double gradientNorm)
        : base($"training diverged at step {step}: {what}. {Remedy}")
    {
        Step = step;
        Loss = loss;
        GradientNorm = gradientNorm;
    }

    /// <summary>Gets the step, from 1.</summary>
    public long Step { get; }

    /// <summary>Gets the loss: the mean over all ranks, or that on held-out data.</summary>
    public double Loss { get; }

    /// <summary>Gets the global norm of the gradient; not a number when the held-out loss told.</summary>
    public double GradientNorm { get; }

    /// <summary>
    /// Losses or gradients of steps in a row told, before their updates: the weights are still those of the step before
    /// them.
    /// </summary>
    internal static DivergedException InSteps(long step, int badSteps, double loss, double gradientNorm) =>
        new(
            $"loss {loss}, gradient norm {gradientNorm}"
                + (badSteps > 1 ? $", {badSteps} steps in a row" : "")
                + "; the update was not applied",
            step,
            loss,
            gradientNorm
        );

    /// <summary>
    /// The evaluation after the step told: its weights are of no use, and no checkpoint is made of them.
    /// </summary>
    internal static DivergedException InEvaluation(long step, double loss) =>
        new($"the loss on held-out data is {loss}; no checkpoint is made of these weights", step, loss, double.NaN);
}
