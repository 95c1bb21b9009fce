using System.Runtime.InteropServices;

namespace CodeParrot.Training.Engine;

/// <summary>How far a run is.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="DataStep">
/// Step of the data order that comes next; ahead of the step after a rollback with skipSteps.
/// </param>
/// <param name="Samples">Sequences trained on.</param>
/// <param name="Tokens">Tokens trained on.</param>
/// <param name="Loss">Training loss of the last step.</param>
/// <param name="EvalLoss">Newest loss on held-out data.</param>
/// <param name="EvalStep">Step it was measured after; -1 for none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RunPosition(
    long Step,
    long DataStep,
    long Samples,
    long Tokens,
    double? Loss,
    double? EvalLoss,
    long EvalStep
)
{
    /// <summary>Before the first step.</summary>
    public static RunPosition Start => new(0, 0, 0, 0, null, null, EvalStep: -1);
}
