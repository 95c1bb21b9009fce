namespace CodeParrot.Tokenizer;

/// <summary>
/// The 256 printable characters that stand for the bytes in vocabulary files (GPT-2's <c>bytes_to_unicode</c>):
/// printable Latin-1 bytes are themselves, the others are the code points from 256 on.
/// </summary>
public static class ByteAlphabet
{
    private static readonly char[] CharOfByte = MakeChars();
    private static readonly short[] ByteOfChar = MakeBytes();

    /// <summary>All 256 characters in code point order: the order in which training numbers them.</summary>
    public static IReadOnlyList<char> Sorted { get; } = [.. CharOfByte.Order()];

    /// <summary>The character that stands for a byte.</summary>
    public static char ToChar(byte value) => CharOfByte[value];

    /// <summary>The byte that a character stands for, or -1 if it is not of the alphabet.</summary>
    public static int ToByte(char value) => value < ByteOfChar.Length ? ByteOfChar[value] : -1;

    /// <summary>A token's spelling in vocabulary files.</summary>
    public static string Spell(ReadOnlySpan<byte> bytes) =>
        string.Create(
            bytes.Length,
            bytes,
            static (chars, source) =>
            {
                for (int i = 0; i < source.Length; i++)
                {
                    chars[i] = CharOfByte[source[i]];
                }
            }
        );

    /// <summary>
    /// The bytes that a token decodes to: by the alphabet where every character is of it, else the token's own UTF-8
    /// (as the Hugging Face decoder treats added tokens).
    /// </summary>
    public static byte[] Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            int value = ToByte(token[i]);
            if (value < 0)
            {
                return System.Text.Encoding.UTF8.GetBytes(token);
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static char[] MakeChars()
    {
        var chars = new char[256];
        int next = 256;
        for (int b = 0; b < 256; b++)
        {
            bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[b] = (char)(printable ? b : next++);
        }

        return chars;
    }

    private static short[] MakeBytes()
    {
        var bytes = new short[CharOfByte.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int b = 0; b < 256; b++)
        {
            bytes[CharOfByte[b]] = (short)b;
        }

        return bytes;
    }
}
