using System.Runtime.InteropServices;
using CodeParrot.Corpus.Dedup;

namespace CodeParrot.Corpus.Parts;

/// <summary>What duplicates of a document are known by.</summary>
/// <param name="Digest">Equal for documents that are equal but for white space.</param>
/// <param name="Sketch">What its near duplicates are found by; none where it has too few tokens.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct IndexEntry(UInt128 Digest, NearSketch? Sketch);
