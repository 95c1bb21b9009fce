using System.Globalization;
using System.Text;

namespace CodeParrot.Tokenizer.Splitting;

/// <summary>Classes of code points, by the Unicode data of the .NET runtime.</summary>
internal static class RuneClasses
{
    private static readonly RuneClass[] Basic = MakeBasic();

    /// <summary>The class of any code point, surrogates included (they are <see cref="RuneClass.Other"/>).</summary>
    public static RuneClass Of(int codePoint) =>
        (uint)codePoint < (uint)Basic.Length ? Basic[codePoint] : Classify(codePoint);

    /// <summary>The class of the first character of a non-empty text, and its width in bytes.</summary>
    public static RuneClass First(ReadOnlySpan<byte> utf8, out int width)
    {
        byte first = utf8[0];
        if (first < 0x80)
        {
            width = 1;
            return Basic[first];
        }

        // A damaged sequence decodes to U+FFFD, whose class is Other: the splitter treats it so and keeps the bytes.
        Rune.DecodeFromUtf8(utf8, out Rune rune, out width);
        return Of(rune.Value);
    }

    private static RuneClass[] MakeBasic()
    {
        var classes = new RuneClass[0x10000];
        for (int codePoint = 0; codePoint < classes.Length; codePoint++)
        {
            classes[codePoint] = Classify(codePoint);
        }

        return classes;
    }

    private static RuneClass Classify(int codePoint)
    {
        if (codePoint <= char.MaxValue && char.IsWhiteSpace((char)codePoint))
        {
            return RuneClass.Space;
        }

        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => RuneClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber =>
                RuneClass.Number,
            _ => RuneClass.Other,
        };
    }
}
