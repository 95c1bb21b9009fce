namespace CodeParrot.Training.HeldOut;

/// <summary>How well a model predicts what was held out.</summary>
/// <param name="Loss">Mean cross-entropy in nats over all predicted tokens.</param>
/// <param name="Tokens">Predicted tokens.</param>
/// <param name="Sequences">Sequences that were evaluated.</param>
public sealed record HeldOutResult(double Loss, long Tokens, long Sequences);
