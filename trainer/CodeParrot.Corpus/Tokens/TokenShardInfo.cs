namespace CodeParrot.Corpus.Tokens;

/// <summary>One shard, as tokens.json lists it.</summary>
/// <param name="Name">The name below the corpus's prefix, such as <c>train-00000.bin</c>.</param>
/// <param name="Tokens">Tokens in it, end-of-text ids included.</param>
/// <param name="Documents">Documents, or ready-made sequences, in it.</param>
/// <param name="MinDocumentTokens">Tokens of its shortest document; 0 when it has none.</param>
/// <param name="MaxDocumentTokens">Tokens of its longest document; 0 when it has none.</param>
/// <param name="SizeBytes">The size of the object.</param>
/// <param name="Sha256">The digest of the object, hexadecimal in lower case.</param>
public sealed record TokenShardInfo(
    string Name,
    long Tokens,
    long Documents,
    long MinDocumentTokens,
    long MaxDocumentTokens,
    long SizeBytes,
    string Sha256
);
