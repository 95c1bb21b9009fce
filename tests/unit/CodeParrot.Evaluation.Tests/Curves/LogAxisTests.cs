using CodeParrot.Evaluation.Curves;

namespace CodeParrot.Evaluation.Tests.Curves;

public sealed class LogAxisTests
{
    [Theory]
    [InlineData(1.4, 9, "1.5 2 3 5 8")]
    [InlineData(900, 4.1e6, "1k 10k 100k 1M")]
    [InlineData(9_000, 130_000, "10k 20k 50k 100k")]
    [InlineData(6.451, 6.552, "6.46 6.48 6.5 6.52 6.54")]
    [InlineData(0.0012, 0.013, "0.002 0.005 0.01")]
    [InlineData(500, 3e11, "1k 10k 100k 1M 10M 100M 1B 10B 100B")]
    public void Ticks_are_round_numbers_short_to_read(double low, double high, string expected)
    {
        var most = expected.Split(' ').Length;

        var labels = new LogAxis(low, high).Ticks(most).Select(LogAxis.Label);

        Assert.Equal(expected, string.Join(' ', labels));
    }

    [Fact]
    public void Any_range_has_some_ticks_but_not_too_many()
    {
        for (var low = 1e-3; low < 1e10; low *= 1.37)
        {
            foreach (var span in new[] { 1.02, 1.3, 2, 4, 9, 40, 1e3, 1e6, 1e12 })
            {
                var axis = new LogAxis(low, low * span);

                var ticks = axis.Ticks(8);

                Assert.InRange(ticks.Count, 2, 8);
                Assert.Equal(ticks.Order().Distinct(), ticks);
                Assert.All(ticks, tick => Assert.InRange(tick, axis.Low, axis.High));
            }
        }
    }

    [Theory]
    [InlineData(0.05, "0.05")]
    [InlineData(1.5, "1.5")]
    [InlineData(999, "999")]
    [InlineData(1000, "1k")]
    [InlineData(1500, "1.5k")]
    [InlineData(2_500_000, "2.5M")]
    [InlineData(3e9, "3B")]
    [InlineData(5e12, "5T")]
    public void Labels_are_short(double value, string expected) => Assert.Equal(expected, LogAxis.Label(value));

    [Fact]
    public void Limits_hold_all_values_with_some_room()
    {
        var axis = LogAxis.Around([3, 2000, 17]);

        Assert.InRange(axis.Low, 2, 2.99);
        Assert.InRange(axis.High, 2001, 3000);
    }

    [Fact]
    public void No_value_and_a_single_value_have_limits_too()
    {
        var none = LogAxis.Around([]);
        var single = LogAxis.Around([5, 5]);

        Assert.True(none.Low > 0 && none.High > none.Low);
        Assert.True(single.Low < 5 && single.High > 5);
    }
}
