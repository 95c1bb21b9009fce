using System.Text;
using System.Text.RegularExpressions;
using CodeParrot.Tokenizer.Splitting;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Tokenizer.Tests;

public sealed partial class WordSplitterTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" ", " ")]
    [InlineData("ab cd", "ab| cd")]
    [InlineData("x = 12+y", "x| =| 12|+|y")]
    [InlineData("a  b", "a| | b")]
    [InlineData("a\t b", "a|\t| b")]
    [InlineData("a \tb", "a| |\t|b")]
    [InlineData("a\n\n    b", "a|\n\n   | b")]
    [InlineData("a\n", "a|\n")]
    [InlineData("a   ", "a|   ")]
    [InlineData("a\nb", "a|\n|b")]
    [InlineData("don't", "don|'t")]
    [InlineData("we'll've", "we|'ll|'ve")]
    [InlineData("DON'T", "DON|'|T")]
    [InlineData("'l 'lx 'r", "'|l| '|lx| '|r")]
    [InlineData("!'s", "!'|s")]
    [InlineData(" 's", " '|s")]
    [InlineData("x1½Ⅷ", "x|1½Ⅷ")]
    [InlineData("a\u3000\u00a0b", "a|\u3000|\u00a0|b")]
    [InlineData("a\u00a0\u3000", "a|\u00a0\u3000")]
    [InlineData("a\u200bb\u180ec", "a|\u200b|b|\u180e|c")]
    public void Splits_as_the_pattern_does(string text, string expected)
    {
        Assert.Equal(expected, string.Join('|', Split(text)));
    }

    [Theory]
    [InlineData("x𝐀b", "x𝐀b")]
    [InlineData("1𝟗2", "1𝟗2")]
    [InlineData("a𠀀 𠀁b", "a𠀀| 𠀁b")]
    [InlineData("a😀!", "a|😀!")]
    public void Letters_and_numbers_beyond_the_basic_plane_are_letters_and_numbers(string text, string expected)
    {
        Assert.Equal(expected, string.Join('|', Split(text)));
    }

    [Fact]
    public void Words_put_together_give_the_text()
    {
        Prop.ForAll(OddText.Any, text => string.Concat(Split(text)) == text).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Agrees_with_a_regular_expression_within_the_basic_plane()
    {
        Prop.ForAll(
                OddText.OfBasicPlane,
                text => Pattern().Matches(text).Select(match => match.Value).SequenceEqual(Split(text))
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Damaged_bytes_stand_as_punctuation_and_are_kept()
    {
        byte[] text = [(byte)'a', 0xff, 0xc3, (byte)'b', 0xe4, 0xb8];

        Assert.Equal([1, 3, 4, 6], Ends(text));
    }

    private static List<int> Ends(byte[] text)
    {
        var ends = new List<int>();
        for (int position = 0; position < text.Length; position = ends[^1])
        {
            ends.Add(WordSplitter.WordEnd(text, position));
        }

        return ends;
    }

    private static List<string> Split(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        List<int> ends = Ends(utf8);
        return [.. ends.Select((end, i) => Encoding.UTF8.GetString(utf8[(i == 0 ? 0 : ends[i - 1])..end]))];
    }

    [GeneratedRegex(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        RegexOptions.None,
        matchTimeoutMilliseconds: 5000
    )]
    private static partial Regex Pattern();
}
