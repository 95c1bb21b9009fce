using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Parts;

/// <summary>Objects of a source that follow each other, which one worker reads.</summary>
/// <param name="Index">Its place in the source, from 0.</param>
/// <param name="Digest">The digest of its objects' keys, sizes and versions, in order.</param>
/// <param name="Objects">The objects.</param>
internal sealed record SourcePiece(int Index, string Digest, IReadOnlyList<SourceObject> Objects);
