namespace CodeParrot.Evaluation;

/// <summary>A prompt and how a model goes on.</summary>
/// <param name="Prompt">The text given.</param>
/// <param name="Texts">The continuations without the prompt, each cut after its first block.</param>
public sealed record PromptCompletion(string Prompt, IReadOnlyList<string> Texts);
