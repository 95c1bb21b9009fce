using CodeParrot.Cli.Places;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Tests.Places;

public sealed class LogReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Chooses_the_newest_stage_of_the_newest_attempt()
    {
        RunPod[] pods =
        [
            Pod(StageNames.Corpus, 1, 0, Noon),
            Pod(StageNames.Train, 1, 0, Noon.AddMinutes(5)),
            Pod(StageNames.Train, 2, 1, Noon.AddMinutes(9)),
            Pod(StageNames.Train, 2, 0, Noon.AddMinutes(9)),
        ];

        Assert.Equal([pods[3], pods[2]], LogReader.Choose(pods, new LogWish(null, null, false)));
        Assert.Equal([pods[2]], LogReader.Choose(pods, new LogWish(1, null, false)));
        Assert.Equal([pods[0]], LogReader.Choose(pods, new LogWish(null, StageNames.Corpus, false)));
        Assert.Empty(LogReader.Choose(pods, new LogWish(2, null, false)));
    }

    [Fact]
    public void Puts_the_rank_before_each_line_where_several_are_shown()
    {
        var pod = Pod(StageNames.Train, 1, 3, Noon);

        Assert.Equal("[rank 3] step 7", new RankLog(pod, null, prefixed: true).Shown("step 7"));
        Assert.Equal("step 7", new RankLog(pod, 3, prefixed: false).Shown("step 7"));
    }

    [Fact]
    public void Takes_one_rank_s_lines_out_of_a_pod_of_several()
    {
        var pod = Pod(StageNames.Train, 1, 1, Noon) with { RanksPerPod = 2 };
        var log = new RankLog(pod, 3, prefixed: false);

        Assert.Equal("step 7", log.Shown("[rank 3] step 7"));
        Assert.Null(log.Shown("[rank 2] step 7"));
        Assert.Equal("[rank 2] step 7", new RankLog(pod, null, prefixed: true).Shown("[rank 2] step 7"));
    }

    private static RunPod Pod(string stage, int attempt, int index, DateTimeOffset at) =>
        new($"small-{stage}-a{attempt}-{index}", "small", "ai", stage, attempt, index, 1, at);
}
