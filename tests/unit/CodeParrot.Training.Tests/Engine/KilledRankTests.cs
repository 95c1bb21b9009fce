using CodeParrot.Contract.Runtime;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Engine;

public class KilledRankTests
{
    private const int Killed = 137;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 3)]
    public async Task After_the_kill_of_a_rank_the_run_ends_with_the_same_bits(int killedRank, int killedAfter)
    {
        using var undisturbed = new TestRun();
        using var run = new TestRun();

        var expected = await RankProcess.RunGangAsync(undisturbed, worldSize: 2, attempt: 1);
        var killed = await RankProcess.RunGangAsync(run, worldSize: 2, attempt: 1, killedRank, killedAfter);
        var resumed = await RankProcess.RunGangAsync(run, worldSize: 2, attempt: 2);

        Assert.Equal([0, 0], expected);
        Assert.Equal((Killed, (int)ExitCode.PeerLost), (killed[killedRank], killed[1 - killedRank]));
        Assert.Equal([0, 0], resumed);
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
        {
            Assert.Equal(
                undisturbed.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/{file}"),
                run.Bytes($"{TestRun.RunPrefix}/branches/b1/step-000000006-a2/{file}")
            );
        }
    }
}
