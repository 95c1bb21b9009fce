using System.IO.Hashing;
using System.Runtime.InteropServices;
using CodeParrot.Corpus.Dedup;
using CodeParrot.Corpus.Documents;

namespace CodeParrot.Corpus.Pipeline;

/// <summary>A document that passed the filters, ready to be written.</summary>
/// <param name="Line">Its line for a document shard, the line end included.</param>
/// <param name="Digest">Equal for documents that are equal but for white space.</param>
/// <param name="SplitHash">Decides about the split.</param>
/// <param name="License">Its licence; empty when unknown.</param>
/// <param name="ContentBytes">The size of its text in UTF-8, or of its ids.</param>
/// <param name="Sketch">What its near duplicates are found by; none where they are not looked for.</param>
internal sealed record KeptDocument(
    ReadOnlyMemory<byte> Line,
    UInt128 Digest,
    ulong SplitHash,
    string License,
    long ContentBytes,
    NearSketch? Sketch = null
)
{
    // Any fixed number: it makes the split's hash another one than that of the duplicates.
    private const long SplitSeed = 0x5EED_0F_5B11;

    public static KeptDocument OfText(RawDocument raw, string content, long contentBytes, NearSketch? sketch = null) =>
        new(
            DocumentLine.Write(raw, content),
            ContentDigest.Compute(content),
            XxHash3.HashToUInt64(MemoryMarshal.AsBytes(content.AsSpan()), SplitSeed),
            raw.License,
            contentBytes,
            sketch
        );

    public static KeptDocument OfIds(string file, long line, int[] ids)
    {
        var bytes = MemoryMarshal.AsBytes(ids.AsSpan());
        return new KeptDocument(
            DocumentLine.Write(file, line, ids),
            XxHash128.HashToUInt128(bytes),
            XxHash3.HashToUInt64(bytes, SplitSeed),
            "",
            bytes.Length
        );
    }
}
