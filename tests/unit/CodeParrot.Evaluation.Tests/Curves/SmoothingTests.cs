using CodeParrot.Evaluation.Curves;

namespace CodeParrot.Evaluation.Tests.Curves;

public sealed class SmoothingTests
{
    [Fact]
    public void Keeps_a_straight_line_and_the_steep_beginning()
    {
        double[] line = [.. Enumerable.Range(0, 300).Select(i => 900 - 2.0 * i)];

        var means = Smoothing.Mean(line);

        Assert.All(means.Zip(line).Take(285), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    [Fact]
    public void Takes_most_of_the_noise_away_to_the_end()
    {
        double[] noisy = [.. Enumerable.Range(0, 1000).Select(i => 3 + (i % 2 == 0 ? 0.5 : -0.5))];

        var means = Smoothing.Mean(noisy);

        Assert.All(means[400..], mean => Assert.InRange(mean, 2.95, 3.05));
    }

    [Fact]
    public void Has_a_mean_for_each_of_few_or_no_points()
    {
        Assert.Empty(Smoothing.Mean([]));
        Assert.Equal([7.0], Smoothing.Mean([7]));
    }
}
