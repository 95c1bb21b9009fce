using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Tests.Guards;

public class SpikeWindowTests
{
    [Fact]
    public void Counts_standard_deviations_above_the_mean_of_the_last_values()
    {
        var window = new SpikeWindow(4);
        foreach (var value in new double[] { 1000, 1, 3, 1, 3 })
        {
            window.Add(value);
        }

        // Mean 2, deviation 1; the first value has left the window.
        Assert.Equal([1, 3, 1, 3], window.ToArray());
        Assert.Equal(5, window.ZScore(7));
        Assert.Equal(-2, window.ZScore(0));
    }

    [Fact]
    public void A_level_without_any_spread_has_one_of_a_thousandth()
    {
        var window = new SpikeWindow(2);
        window.Add(2);
        window.Add(2);

        Assert.Equal(1, window.ZScore(2.002), 6);
    }
}
