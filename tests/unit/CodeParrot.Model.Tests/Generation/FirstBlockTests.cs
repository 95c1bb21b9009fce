using CodeParrot.Model.Generation;

namespace CodeParrot.Model.Tests.Generation;

public class FirstBlockTests
{
    [Theory]
    [InlineData("    return 1\n\ndef next():\n", "    return 1\n")]
    [InlineData("    return 1\nprint(2)\ndef f():", "    return 1")]
    [InlineData("  x = 1\n  if x:\n    print(x)\n@wraps\n", "  x = 1\n  if x:\n    print(x)")]
    [InlineData("a\n# remark", "a")]
    [InlineData("a\nclass B:", "a")]
    [InlineData("a\nif b:", "a")]
    public void Text_ends_before_the_next_block(string text, string expected)
    {
        Assert.Equal(expected, FirstBlock.Truncate(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("    return x\n")]
    [InlineData("def f(): pass")]
    public void Text_without_a_further_block_stays_whole(string text)
    {
        Assert.Equal(text, FirstBlock.Truncate(text));
    }
}
