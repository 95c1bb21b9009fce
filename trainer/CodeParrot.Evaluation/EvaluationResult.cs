namespace CodeParrot.Evaluation;

/// <summary>How well a model predicts some text.</summary>
/// <param name="Loss">Mean cross-entropy in nats, over all predicted tokens.</param>
/// <param name="Perplexity"><c>exp(Loss)</c>; infinite where that overflows.</param>
/// <param name="Tokens">Predicted tokens: all of a sequence but its first.</param>
/// <param name="Sequences">Sequences that were evaluated.</param>
public sealed record EvaluationResult(double Loss, double Perplexity, long Tokens, long Sequences)
{
    /// <summary>Sequences left out because they hold fewer than two tokens: nothing to predict.</summary>
    public long Skipped { get; init; }
}
