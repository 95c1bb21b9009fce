namespace CodeParrot.Corpus;

/// <summary>What a worker beside the first did for a corpus.</summary>
/// <param name="Prefix">Where the corpus will lie: <c>corpora/</c> and its hash.</param>
/// <param name="Parts">How many parts it made.</param>
/// <param name="WasNeeded">False when the corpus was there already, or its source is too small to be shared.</param>
public sealed record HelpResult(string Prefix, int Parts, bool WasNeeded);
