using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Decontamination;

/// <summary>
/// Hashes of all runs of eight words of a text, one after the other. Words are runs of letters, digits and underscores
/// in lower case; what stands between them does not count, so that layout and quotes make no difference.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct WordShingles(ReadOnlySpan<char> text)
{
    /// <summary>Words in a shingle.</summary>
    public const int Words = 8;

    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;

    // Factor to the power of the words in a shingle, by which the oldest word weighs when the next one comes.
    private static readonly ulong OldestWeight = Power(Factor, Words);

    private readonly ReadOnlySpan<char> _text = text;
    private readonly ulong[] _recent = new ulong[Words];
    private ulong _hash;
    private int _position;

    /// <summary>Gets the number of words so far.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the next shingle.</summary>
    public bool TryNext(out ulong shingle)
    {
        while (TryNextWord(out var word))
        {
            var place = Count % Words;
            _hash = (_hash * Factor) + word - (_recent[place] * OldestWeight);
            _recent[place] = word;
            Count++;
            if (Count < Words)
                continue;
            shingle = Mix(_hash);
            return true;
        }
        shingle = 0;
        return false;
    }

    private bool TryNextWord(out ulong word)
    {
        word = Factor;
        while (_position < _text.Length && !IsInWord(_text[_position]))
            _position++;
        if (_position == _text.Length)
            return false;
        for (char c; _position < _text.Length && IsInWord(c = _text[_position]); _position++)
        {
            var lower =
                !char.IsAscii(c) ? char.ToLowerInvariant(c)
                : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20)
                : c;
            word = (word ^ lower) * Factor;
        }
        word = Mix(word);
        return true;
    }

    private static bool IsInWord(char c) =>
        char.IsAsciiLetterOrDigit(c) || c == '_' || (c >= 128 && char.IsLetterOrDigit(c));

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 32)) * 0xD6E8_FEB8_6659_FD93;
        return hash ^ (hash >> 32);
    }

    private static ulong Power(ulong value, int exponent)
    {
        var power = 1UL;
        for (var i = 0; i < exponent; i++)
            power *= value;
        return power;
    }
}
