namespace CodeParrot.Corpus.Parts;

/// <summary>An object of a part.</summary>
/// <param name="Name">
/// Its name beside the part's manifest; it has a piece of the digest in it, so that no other replaces it.
/// </param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Sha256">Its digest, hexadecimal in lower case.</param>
internal sealed record PartFile(string Name, long SizeBytes, string Sha256);
