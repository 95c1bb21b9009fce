namespace CodeParrot.Corpus.Parts;

/// <summary>How far a worker is, as it tells the first one.</summary>
/// <param name="Beat">Counts up with each telling, so that no two are equal.</param>
/// <param name="Documents">Documents looked at.</param>
/// <param name="Bytes">Their bytes, decompressed.</param>
/// <param name="Kept">Documents kept so far.</param>
internal sealed record WorkerState(long Beat, long Documents, long Bytes, long Kept);
