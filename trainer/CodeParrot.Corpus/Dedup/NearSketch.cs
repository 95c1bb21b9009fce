namespace CodeParrot.Corpus.Dedup;

/// <summary>What is kept of a document to find its near duplicates.</summary>
/// <param name="Bands">A hash of each band of its signature.</param>
/// <param name="Tokens">Its distinct tokens, as ascending hashes.</param>
internal sealed record NearSketch(ulong[] Bands, uint[] Tokens);
