namespace CodeParrot.Model.Generation;

/// <summary>What a generation gave.</summary>
/// <param name="Completions">One per completion asked for, in order.</param>
/// <param name="DroppedPromptTokens">
/// Tokens cut from the prompt's beginning because prompt and completion do not fit the context together; 0 if they do.
/// </param>
public sealed record GenerationResult(IReadOnlyList<Completion> Completions, int DroppedPromptTokens);
