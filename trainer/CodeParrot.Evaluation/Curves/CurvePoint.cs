namespace CodeParrot.Evaluation.Curves;

/// <summary>A point of a loss curve.</summary>
/// <param name="Tokens">Tokens trained on so far.</param>
/// <param name="Loss">Mean cross-entropy in nats.</param>
public sealed record CurvePoint(long Tokens, double Loss);
