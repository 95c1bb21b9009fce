using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Tokens;

/// <summary>
/// The first 64 bytes of a shard, little-endian: magic, version, bytes per token, vocabulary size, kind, token count,
/// document count, zeros. The tokens follow, then zeros to a multiple of 8, then each document's first token as int64.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenShardHeader(
    int TokenBytes,
    int VocabularySize,
    TokenKind Kind,
    long Tokens,
    long Documents
)
{
    public const int SizeBytes = 64;
    private static ReadOnlySpan<byte> Magic => "CPTOKENS"u8;

    /// <summary>Gets where the document index begins.</summary>
    public long IndexOffset => SizeBytes + (((Tokens * TokenBytes) + 7) / 8 * 8);

    /// <summary>Gets the size of the whole shard.</summary>
    public long ShardBytes => IndexOffset + (Documents * sizeof(long));

    /// <summary>Returns the bytes an id takes.</summary>
    public static int TokenBytesFor(int vocabularySize) =>
        vocabularySize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(uint);

    public void Write(Span<byte> bytes)
    {
        bytes[..SizeBytes].Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], TokenManifest.CurrentFormat);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], TokenBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], VocabularySize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[20..], (int)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], Tokens);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], Documents);
    }

    /// <summary>Reads a header, or returns what is wrong with it.</summary>
    public static TokenShardHeader? TryRead(ReadOnlySpan<byte> bytes, out string found)
    {
        found = "";
        if (bytes.Length < SizeBytes)
            found = $"{bytes.Length} bytes";
        else if (!bytes.StartsWith(Magic))
            found = "other bytes where the magic should be";
        else if (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is var format and not TokenManifest.CurrentFormat)
            found = $"format {format}";
        if (found.Length > 0)
            return null;
        return new TokenShardHeader(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            (TokenKind)BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..])
        );
    }
}
