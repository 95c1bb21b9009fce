using CodeParrot.Corpus.Readers;

namespace CodeParrot.Corpus.Tests.Readers;

public sealed class IncludePatternTests
{
    [Theory]
    [InlineData("*.py", "a.py", true)]
    [InlineData("*.py", "deep/er/a.py", true)]
    [InlineData("*.py", "a.pyc", false)]
    [InlineData("*.py", "apy", false)]
    [InlineData("test_?.py", "x/test_1.py", true)]
    [InlineData("test_?.py", "x/test_10.py", false)]
    [InlineData("lib/**/*.py", "lib/a.py", true)]
    [InlineData("lib/**/*.py", "lib/x/y/a.py", true)]
    [InlineData("lib/**/*.py", "other/lib/a.py", false)]
    [InlineData("lib/*.py", "lib/x/a.py", false)]
    [InlineData("/lib/**", "lib/x/a.py", true)]
    [InlineData("", "anything", true)]
    public void It_matches_names_or_with_a_slash_paths(string pattern, string path, bool expected)
    {
        Assert.Equal(expected, new IncludePattern(pattern).Matches(path));
    }
}
