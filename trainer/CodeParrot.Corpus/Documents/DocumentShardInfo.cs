namespace CodeParrot.Corpus.Documents;

/// <summary>One document shard, as corpus.json lists it.</summary>
/// <param name="Name">The name below the corpus's prefix, such as <c>documents-00000.jsonl.zst</c>.</param>
/// <param name="Documents">Documents in it.</param>
/// <param name="ContentBytes">Bytes of their texts, in UTF-8.</param>
/// <param name="SizeBytes">The size of the object.</param>
/// <param name="Sha256">The digest of the object, hexadecimal in lower case.</param>
public sealed record DocumentShardInfo(string Name, long Documents, long ContentBytes, long SizeBytes, string Sha256);
