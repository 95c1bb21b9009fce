namespace CodeParrot.Cli.Places;

/// <summary>Which logs are wanted.</summary>
/// <param name="Rank">One rank; null for all.</param>
/// <param name="Stage">A stage; null for the newest.</param>
/// <param name="Follow">True to go on until the run ends.</param>
internal sealed record LogWish(int? Rank, string? Stage, bool Follow);
