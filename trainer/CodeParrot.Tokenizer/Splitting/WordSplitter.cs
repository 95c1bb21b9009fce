namespace CodeParrot.Tokenizer.Splitting;

/// <summary>
/// GPT-2's pre-splitting (<c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>) as a
/// scanner over UTF-8. It sees whole code points, where .NET's Regex would see halves of letters beyond the basic
/// plane.
/// </summary>
internal static class WordSplitter
{
    /// <summary>
    /// The end, in bytes, of the word that starts at <paramref name="start"/>; words cover the text without gaps.
    /// </summary>
    /// <param name="text">UTF-8; damaged sequences count as punctuation.</param>
    /// <param name="start">A word's start, less than the text's length.</param>
    public static int WordEnd(ReadOnlySpan<byte> text, int start)
    {
        byte first = text[start];
        if (first == '\'')
        {
            int contraction = ContractionLength(text[(start + 1)..]);
            if (contraction > 0)
            {
                return start + 1 + contraction;
            }
        }

        RuneClass kind = RuneClasses.First(text[start..], out int width);
        int next = start + width;
        if (kind != RuneClass.Space)
        {
            return RunEnd(text, next, kind);
        }

        if (next == text.Length)
        {
            return next;
        }

        RuneClass nextKind = RuneClasses.First(text[next..], out int nextWidth);
        if (nextKind == RuneClass.Space)
        {
            return SpacesEnd(text, next, nextWidth);
        }

        // One blank belongs to the word after it; other white space stands alone.
        return first == ' ' ? RunEnd(text, next + nextWidth, nextKind) : next;
    }

    /// <summary>Length of the English ending after an apostrophe, or 0.</summary>
    private static int ContractionLength(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return 0;
        }

        byte second = rest.Length > 1 ? rest[1] : (byte)0;
        return rest[0] switch
        {
            (byte)'s' or (byte)'t' or (byte)'m' or (byte)'d' => 1,
            (byte)'r' or (byte)'v' when second == 'e' => 2,
            (byte)'l' when second == 'l' => 2,
            _ => 0,
        };
    }

    private static int RunEnd(ReadOnlySpan<byte> text, int position, RuneClass kind)
    {
        while (position < text.Length && RuneClasses.First(text[position..], out int width) == kind)
        {
            position += width;
        }

        return position;
    }

    /// <summary>
    /// The end of two or more white-space characters. The last one is left to what follows, unless nothing does.
    /// </summary>
    private static int SpacesEnd(ReadOnlySpan<byte> text, int last, int lastWidth)
    {
        int position = last + lastWidth;
        while (position < text.Length)
        {
            if (RuneClasses.First(text[position..], out int width) != RuneClass.Space)
            {
                return last;
            }

            last = position;
            position += width;
        }

        return position;
    }
}
