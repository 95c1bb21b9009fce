using System.Buffers.Binary;

namespace CodeParrot.Tokenizer.Words;

/// <summary>
/// A fast hash of short byte strings. It is not seeded: the tables that use it hold the user's own corpus, and their
/// content never depends on the order of their slots.
/// </summary>
internal static class WordHash
{
    private const ulong Seed = 0x9E37_79B9_7F4A_7C15;
    private const ulong Factor = 0xD6E8_FEB8_6659_FD93;

    /// <summary>Hash of the bytes; equal words have equal hashes on every machine.</summary>
    public static uint Of(ReadOnlySpan<byte> word)
    {
        ulong hash = Seed ^ (ulong)word.Length;
        while (word.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(word));
            word = word[8..];
        }

        ulong tail = 0;
        if (word.Length >= 4)
        {
            // The two reads overlap in the middle; together they cover all of the 4 to 7 bytes.
            tail = BinaryPrimitives.ReadUInt32LittleEndian(word);
            tail = (tail << 32) | BinaryPrimitives.ReadUInt32LittleEndian(word[^4..]);
        }
        else if (!word.IsEmpty)
        {
            tail = word[0] | ((ulong)word[word.Length >> 1] << 8) | ((ulong)word[^1] << 16);
        }

        return (uint)(Mix(hash ^ tail) >> 32);
    }

    private static ulong Mix(ulong value)
    {
        value *= Factor;
        return value ^ (value >> 32);
    }
}
