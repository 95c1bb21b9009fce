namespace CodeParrot.Corpus.Dedup;

/// <summary>
/// Turns a text into the set of its tokens, as hashes of 32 bits. Tokens are the runs of ASCII letters, digits and
/// underscores, as in the book's recipe. For one thread at a time.
/// </summary>
internal sealed class TokenTable
{
    private const int LeastPlaces = 1024;

    // A table that one huge document made is not cleared again for each of the small ones that follow.
    private const int PlacesToKeep = 16 * 1024;
    private const ulong Factor = 0x9E37_79B9_7F4A_7C15;
    private const ulong LastFactor = 0xD6E8_FEB8_6659_FD93;

    // One bit a character that tokens are made of, 0 to 63 and 64 to 127.
    private const ulong LowCharacters = 0x03FF_0000_0000_0000;
    private const ulong HighCharacters = 0x07FF_FFFE_87FF_FFFE;

    private uint[] _places = new uint[LeastPlaces];
    private uint[] _found = new uint[LeastPlaces / 2];
    private int _count;

    /// <summary>
    /// Returns the distinct tokens of a text in ascending order of their hashes, or nothing when the text has fewer
    /// than <paramref name="leastTokens"/>, counted with repetitions.
    /// </summary>
    public uint[]? Read(ReadOnlySpan<char> text, int leastTokens)
    {
        var tokens = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var hash = Factor;
            var start = i;
            while (i < text.Length && IsInToken(text[i]))
                hash = (hash ^ text[i++]) * Factor;
            if (i == start)
                continue;
            tokens++;
            Add((uint)(((hash ^ (hash >> 32)) * LastFactor) >> 32));
        }
        var set = tokens < leastTokens ? null : _found.AsSpan(0, _count).ToArray();
        Clear();
        if (set is not null)
            Array.Sort(set);
        return set;
    }

    private static bool IsInToken(char c) =>
        c < 128 && (((c < 64 ? LowCharacters : HighCharacters) >> (c & 63)) & 1) != 0;

    private void Add(uint hash)
    {
        // Zero marks a free place.
        hash = Math.Max(1, hash);
        var place = Find(_places, hash);
        if (_places[place] == hash)
            return;
        _places[place] = hash;
        _found[_count++] = hash;
        if (_count < _found.Length)
            return;
        var grown = new uint[_places.Length * 2];
        foreach (var found in _found)
            grown[Find(grown, found)] = found;
        _places = grown;
        Array.Resize(ref _found, grown.Length / 2);
    }

    private static int Find(uint[] places, uint hash)
    {
        var mask = places.Length - 1;
        var place = (int)hash & mask;
        while (places[place] != 0 && places[place] != hash)
            place = (place + 1) & mask;
        return place;
    }

    private void Clear()
    {
        if (_places.Length > PlacesToKeep)
        {
            _places = new uint[LeastPlaces];
            _found = new uint[LeastPlaces / 2];
        }
        else
            Array.Clear(_places);
        _count = 0;
    }
}
