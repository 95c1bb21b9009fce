using CodeParrot.Corpus.Filters;

namespace CodeParrot.Corpus.Tests.Filters;

/// <summary>
/// Expected values are those of Python 3.11's <c>str.splitlines</c>, <c>len</c> and <c>str.isalnum</c>.
/// </summary>
public sealed class TextStatisticsTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("\n", new[] { "" })]
    [InlineData("a\n\nb", new[] { "a", "", "b" })]
    [InlineData("a\r\nb\rc\n\rd", new[] { "a", "b", "c", "", "d" })]
    [InlineData(
        "a\vb\fc\u001cd\u001de\u001ef\u0085g\u2028h\u2029i\u001fj",
        new[] { "a", "b", "c", "d", "e", "f", "g", "h", "i\u001fj" }
    )]
    public void Lines_are_cut_as_Python_cuts_them(string text, string[] expected)
    {
        var found = new List<string>();
        var lines = new PythonLines(text);
        while (lines.TryNext(out var line))
            found.Add(line.ToString());

        Assert.Equal(expected, found);
    }

    [Theory]
    [InlineData("ab\nabcd\n", 4, 3.0)]
    [InlineData("🐍🐍🐍\n", 3, 3.0)]
    [InlineData("\n\nabc", 3, 1.0)]
    [InlineData("", 0, 0.0)]
    public void Line_lengths_are_code_points(string text, int longest, double mean)
    {
        var statistics = TextStatistics.Of(text);

        Assert.Equal(longest, statistics.MaxLineLength);
        Assert.Equal(mean, statistics.MeanLineLength);
    }

    [Theory]
    [InlineData("a1_#", 0.5)]
    [InlineData("é²½Ⅷ", 1.0)]
    [InlineData("𝐀🐍", 0.5)]
    [InlineData("一 -", 1.0 / 3)]
    [InlineData("", 0.0)]
    public void Letters_and_digits_are_those_of_isalnum(string text, double expected)
    {
        var statistics = TextStatistics.Of(text);

        Assert.Equal(expected, statistics.AlphanumericFraction, precision: 12);
    }
}
