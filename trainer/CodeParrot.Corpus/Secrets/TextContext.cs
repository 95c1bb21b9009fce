namespace CodeParrot.Corpus.Secrets;

/// <summary>Looks around a place in a text.</summary>
internal static class TextContext
{
    // Lines of data may be as long as a document.
    private const int Reach = 200;

    /// <summary>Returns whether a character may be part of a name.</summary>
    public static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>Returns the character before a place; a line end at the start of the text.</summary>
    public static char Before(ReadOnlySpan<char> text, int place) => place > 0 ? text[place - 1] : '\n';

    /// <summary>Returns the character at a place; a line end at the end of the text.</summary>
    public static char At(ReadOnlySpan<char> text, int place) => place < text.Length ? text[place] : '\n';

    /// <summary>Returns the line around a place, or what of it is near.</summary>
    public static ReadOnlySpan<char> LineAround(ReadOnlySpan<char> text, int place)
    {
        var from = Math.Max(0, place - Reach);
        var start = from + text[from..place].LastIndexOf('\n') + 1;
        var rest = text[place..Math.Min(text.Length, place + Reach)];
        var end = rest.IndexOf('\n');
        return text[start..(end < 0 ? place + rest.Length : place + end)];
    }

    /// <summary>Returns whether a text holds one of some words, in any case.</summary>
    public static bool HasAny(ReadOnlySpan<char> text, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Returns how many characters at a place belong to an escape that the backslash before it begins: they stay, or
    /// the text would no longer be a string.
    /// </summary>
    public static int EscapeLength(ReadOnlySpan<char> text, int place)
    {
        if (Before(text, place) != '\\')
            return 0;
        var first = At(text, place);
        if (first is >= '0' and <= '7')
        {
            var digits = 1;
            while (digits < 3 && At(text, place + digits) is >= '0' and <= '7')
                digits++;
            return digits;
        }
        return first switch
        {
            'x' => 3,
            'u' => 5,
            'U' => 9,
            _ => 1,
        };
    }
}
