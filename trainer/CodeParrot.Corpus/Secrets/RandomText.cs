namespace CodeParrot.Corpus.Secrets;

/// <summary>Tells texts that a generator made from those that a person wrote.</summary>
internal static class RandomText
{
    private const double LeastBits = 3.5;

    // A hexadecimal digit holds 4 bits at most, and 32 of them about 3.6.
    private const double LeastHexBits = 3.0;
    private const int LeastDistinct = 6;

    // Shorter ones are checksums more often than keys.
    private const int LeastHexCharacters = 24;

    private static readonly string[] Placeholders =
    [
        "example",
        "xxxx",
        "changeme",
        "change_me",
        "change-me",
        "placeholder",
        "dummy",
        "redacted",
        "insert",
        "your",
        "fake",
        "sample",
        "secret",
        "password",
        "123456789",
        "abcdefg",
    ];

    /// <summary>Returns whether a text is one that only stands for a secret.</summary>
    public static bool IsPlaceholder(ReadOnlySpan<char> text) =>
        TextContext.HasAny(text, Placeholders) || CountDistinct(text) < LeastDistinct;

    /// <summary>Returns whether a text of letters, digits and a few signs looks drawn.</summary>
    public static bool IsRandom(ReadOnlySpan<char> text)
    {
        var (digits, letters, changes, isHex) = (0, 0, 0, true);
        var before = ' ';
        foreach (var c in text)
        {
            var kind =
                char.IsAsciiDigit(c) ? '0'
                : char.IsAsciiLetterUpper(c) ? 'A'
                : char.IsAsciiLetterLower(c) ? 'a'
                : '-';
            digits += kind == '0' ? 1 : 0;
            letters += kind is 'A' or 'a' ? 1 : 0;
            // Signs join words, so they are no change.
            changes += kind != '-' && kind != before ? 1 : 0;
            before = kind == '-' ? before : kind;
            isHex &= char.IsAsciiHexDigit(c);
        }
        // Words with a number behind them change between letters and digits once or twice, drawn ones all the time.
        return (!isHex || text.Length >= LeastHexCharacters)
            && digits >= 2
            && letters >= 2
            && changes * 5 >= text.Length
            && EntropyOf(text) >= (isHex ? LeastHexBits : LeastBits)
            && !IsPlaceholder(text);
    }

    /// <summary>Returns the entropy of the characters' frequencies, bits a character (Shannon 1948).</summary>
    public static double EntropyOf(ReadOnlySpan<char> text)
    {
        Span<int> counts = stackalloc int[128];
        counts.Clear();
        foreach (var c in text)
            counts[c & 127]++;
        var bits = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
                bits -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        }
        return bits;
    }

    private static int CountDistinct(ReadOnlySpan<char> text)
    {
        UInt128 seen = 0;
        foreach (var c in text)
            seen |= UInt128.One << (c & 127);
        return (int)UInt128.PopCount(seen);
    }
}
