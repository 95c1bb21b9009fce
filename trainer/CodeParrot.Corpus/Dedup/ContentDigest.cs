using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Dedup;

/// <summary>The digest by which exact duplicates are known: of the text without any white space.</summary>
internal static class ContentDigest
{
    /// <summary>Returns the digest, equal for texts that differ in white space only.</summary>
    public static UInt128 Compute(ReadOnlySpan<char> text)
    {
        var buffer = ArrayPool<char>.Shared.Rent(text.Length);
        var length = 0;
        foreach (var c in text)
        {
            if (!IsWhiteSpace(c))
                buffer[length++] = c;
        }
        var digest = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(buffer.AsSpan(0, length)));
        ArrayPool<char>.Shared.Return(buffer);
        return digest;
    }

    // Python's \s, which is .NET's white space and the four separators.
    private static bool IsWhiteSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f';
}
