namespace CodeParrot.Corpus;

/// <summary>How far the work on a corpus is.</summary>
/// <param name="Phase">
/// <c>list</c>, <c>read</c>, <c>wait</c> with the workers that are waited for, <c>merge</c> with the part,
/// <c>compare</c> with the band that is looked at, <c>write</c> or <c>encode</c>.
/// </param>
/// <param name="Documents">Documents seen so far.</param>
/// <param name="Bytes">Bytes of them so far.</param>
/// <param name="Kept">Documents kept, or tokens written, so far.</param>
public sealed record CorpusProgress(string Phase, long Documents, long Bytes, long Kept);
