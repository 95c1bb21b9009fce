using CodeParrot.Contract.Yaml;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Contract.Tests.Yaml;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("10m", 600)]
    [InlineData("1h30m", 5400)]
    [InlineData("500ms", 0.5)]
    [InlineData("1.5h", 5400)]
    [InlineData(" 5s ", 5)]
    [InlineData("0s", 0)]
    public void Reads_kubernetes_notation(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5s")]
    [InlineData("1.2.3s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("99999999999999h")]
    public void Refuses_what_is_no_duration(string text)
    {
        Assert.False(Durations.TryParse(text, out _));
    }

    [Fact]
    public void Writes_what_it_reads()
    {
        Prop.ForAll<int>(n =>
            {
                var duration = TimeSpan.FromMilliseconds(Math.Abs((long)n) * 37);
                return Durations.TryParse(Durations.Format(duration), out var read) && read == duration;
            })
            .QuickCheckThrowOnFailure();
    }
}
