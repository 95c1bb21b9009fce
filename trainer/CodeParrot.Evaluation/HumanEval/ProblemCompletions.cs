namespace CodeParrot.Evaluation.HumanEval;

/// <summary>What a model wrote for a problem.</summary>
/// <param name="Texts">The completions, each cut after its first block.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="DroppedPromptTokens">Tokens that the prompt lost at its beginning.</param>
public sealed record ProblemCompletions(IReadOnlyList<string> Texts, long Tokens, int DroppedPromptTokens);
