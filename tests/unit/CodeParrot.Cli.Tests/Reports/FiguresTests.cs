using CodeParrot.Cli.Reports;

namespace CodeParrot.Cli.Tests.Reports;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(111_008_256, "111.0M")]
    [InlineData(1_529_628_800, "1.5G")]
    [InlineData(999, "999")]
    [InlineData(0, "0")]
    public void Counts_are_short(double count, string text) => Assert.Equal(text, Figures.Count(count));

    [Theory]
    [InlineData(12, "12s")]
    [InlineData(245, "4m05s")]
    [InlineData(97_380, "27h03m")]
    public void Durations_are_short(double seconds, string text) =>
        Assert.Equal(text, Figures.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Bytes_are_binary() => Assert.Equal("1.5 GiB", Figures.Bytes(1.5 * 1024 * 1024 * 1024));
}
