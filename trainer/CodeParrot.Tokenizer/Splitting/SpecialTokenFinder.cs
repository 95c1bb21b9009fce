namespace CodeParrot.Tokenizer.Splitting;

/// <summary>Finds special tokens in a text: the leftmost, and of those that start together the longest.</summary>
internal sealed class SpecialTokenFinder
{
    private readonly (byte[] Utf8, int Id)[] _tokens;

    /// <summary>A finder of tokens given by their UTF-8 spelling.</summary>
    public SpecialTokenFinder(IEnumerable<(byte[] Utf8, int Id)> tokens)
    {
        _tokens = [.. tokens.OrderByDescending(token => token.Utf8.Length)];
    }

    /// <summary>Finds the next special token.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="start">Its first byte.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="id">Its id.</param>
    public bool TryFind(ReadOnlySpan<byte> text, out int start, out int length, out int id)
    {
        start = length = id = -1;
        foreach ((byte[] utf8, int candidate) in _tokens)
        {
            int index = text.IndexOf(utf8);
            if (index >= 0 && (start < 0 || index < start))
            {
                (start, length, id) = (index, utf8.Length, candidate);
            }
        }

        return start >= 0;
    }
}
