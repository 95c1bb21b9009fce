namespace CodeParrot.Corpus.Tokens;

/// <summary>Some documents of a shard in a row, as ids.</summary>
/// <param name="First">The first one's number in the shard, from 0.</param>
/// <param name="Documents">The ids of each, the end-of-text id included where one is added.</param>
public sealed record DocumentBatch(long First, IReadOnlyList<int[]> Documents);
