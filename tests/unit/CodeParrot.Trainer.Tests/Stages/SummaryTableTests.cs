using CodeParrot.Trainer.Stages;
using CodeParrot.Training;

namespace CodeParrot.Trainer.Tests.Stages;

public class SummaryTableTests
{
    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(7.3, "7.3 s")]
    [InlineData(59.4, "59 s")]
    [InlineData(59.6, "1 min")]
    [InlineData(450, "7 min 30 s")]
    [InlineData(3600, "1 h")]
    [InlineData(3599.8, "1 h")]
    [InlineData(7384, "2 h 3 min")]
    [InlineData(86_400 * 3 + 3_600 * 4 + 1_799, "3 d 4 h")]
    [InlineData(86_399, "1 d")]
    public void Times_are_given_in_two_units(double seconds, string expected) =>
        Assert.Equal(expected, SpokenTime.Of(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1.004, "rank 2, as fast as the median")]
    [InlineData(1.25, "rank 2, 25 % slower than the median")]
    [InlineData(3, "rank 2, 200 % slower than the median")]
    public void The_slowest_rank_is_said_to_be_slow_only_if_it_is(double ratio, string expected)
    {
        var summary = Summary() with { StragglerRank = 2, StragglerRatio = ratio };

        Assert.Equal(expected, SummaryTable.Outputs(summary).Single(row => row.Name == "straggler").Text);
    }

    [Fact]
    public void A_table_names_what_is_known_and_nothing_else()
    {
        var lines = SummaryTable.Of(Summary()).ToList();

        Assert.Contains("  time in steps          7 min 30 s", lines);
        Assert.DoesNotContain(lines, line => line.Contains("slowest rank") || line.Contains("GPU"));
    }

    private static AttemptSummary Summary() =>
        new()
        {
            Steps = 900,
            SkippedSteps = 0,
            Tokens = 1_000_000,
            Training = TimeSpan.FromSeconds(450),
            TokensPerSecond = 2222,
            Mfu = 0.4,
            DataWait = 0.01,
            CheckpointPause = TimeSpan.FromSeconds(2),
            Checkpoints = 3,
            Goodput = 0.9,
            PeakMemoryBytes = 1L << 30,
            PeakDeviceMemoryBytes = null,
            StragglerRank = null,
            StragglerRatio = null,
        };
}
