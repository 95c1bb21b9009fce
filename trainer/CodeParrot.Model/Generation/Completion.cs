namespace CodeParrot.Model.Generation;

/// <summary>One continuation of a prompt.</summary>
/// <param name="Ids">The new tokens, without the prompt and without the stop token.</param>
/// <param name="IsStopped">Whether a stop token or its reader ended it, not its length.</param>
public sealed record Completion(IReadOnlyList<int> Ids, bool IsStopped);
