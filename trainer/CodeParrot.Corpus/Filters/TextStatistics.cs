using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CodeParrot.Corpus.Filters;

/// <summary>
/// What the filters ask of a text; lengths are in code points, as in Python. All are 0 for the empty text.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextStatistics(int MaxLineLength, double MeanLineLength, double AlphanumericFraction)
{
    public static TextStatistics Of(string text)
    {
        var lines = new PythonLines(text);
        long lineCount = 0;
        long inLines = 0;
        var longest = 0;
        while (lines.TryNext(out var line))
        {
            var length = LengthOf(line);
            longest = Math.Max(longest, length);
            inLines += length;
            lineCount++;
        }
        var mean = lineCount == 0 ? 0 : (double)inLines / lineCount;
        return new TextStatistics(longest, mean, AlphanumericPart(text));
    }

    private static int LengthOf(ReadOnlySpan<char> line)
    {
        var length = line.Length;
        // The text is well formed, so each low surrogate is the second half of one code point.
        if (line.ContainsAnyInRange('\uDC00', '\uDFFF'))
        {
            foreach (var c in line)
            {
                if (char.IsLowSurrogate(c))
                    length--;
            }
        }
        return length;
    }

    private static double AlphanumericPart(string text)
    {
        if (text.Length == 0)
            return 0;
        long alphanumerics = 0;
        foreach (var c in text)
        {
            if (char.IsAscii(c))
                alphanumerics += char.IsAsciiLetterOrDigit(c) ? 1 : 0;
            else if (char.IsSurrogate(c))
                return AlphanumericRunes(text);
            else
                alphanumerics += IsAlphanumeric(CharUnicodeInfo.GetUnicodeCategory(c)) ? 1 : 0;
        }
        return (double)alphanumerics / text.Length;
    }

    private static double AlphanumericRunes(string text)
    {
        long all = 0;
        long alphanumerics = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            all++;
            alphanumerics += IsAlphanumeric(Rune.GetUnicodeCategory(rune)) ? 1 : 0;
        }
        return (double)alphanumerics / all;
    }

    // Python's isalnum takes letters and everything with a numeric value, such as fractions and superscripts.
    private static bool IsAlphanumeric(UnicodeCategory category) =>
        category
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber;
}
