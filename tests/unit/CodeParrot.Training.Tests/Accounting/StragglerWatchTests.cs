using CodeParrot.Training.Accounting;

namespace CodeParrot.Training.Tests.Accounting;

public class StragglerWatchTests
{
    [Theory]
    [InlineData(new[] { 1.0, 1.0, 3.0, 1.0 }, 2, 3.0)]
    [InlineData(new[] { 2.0, 1.0 }, 0, 2.0)]
    [InlineData(new[] { 1.0, 2.0, 4.0 }, 2, 2.0)]
    [InlineData(new[] { 5.0, 5.0 }, 0, 1.0)]
    public void Finds_the_slowest_rank_and_how_far_it_is_behind_the_median(double[] seconds, int rank, double ratio)
    {
        Assert.Equal(new Straggler(rank, ratio), new StragglerWatch(seconds.Length).Find(seconds));
    }

    [Fact]
    public void One_rank_waits_for_nobody()
    {
        Assert.Null(new StragglerWatch(1).Find([3]));
        Assert.Null(new StragglerWatch(2).Find([0, 0]));
    }

    [Fact]
    public void One_slow_step_weighs_a_twentieth()
    {
        var watch = new StragglerWatch(2);
        for (var i = 0; i < 30; i++)
        {
            watch.Note(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, watch.Note(TimeSpan.FromSeconds(21)), 9);
        for (var i = 0; i < 19; i++)
        {
            watch.Note(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(1, watch.Note(TimeSpan.FromSeconds(1)), 9);
    }
}
