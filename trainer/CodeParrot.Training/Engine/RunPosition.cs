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
internal sealed record RunPosition(
    long Step = 0,
    long DataStep = 0,
    long Samples = 0,
    long Tokens = 0,
    double? Loss = null,
    double? EvalLoss = null,
    long EvalStep = -1
);
