using System.Text.Json.Nodes;
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

    [Fact]
    public async Task A_rank_that_stands_still_is_named_with_who_waits_for_it()
    {
        using var run = new TestRun();

        // Long enough that a process on a busy machine is not taken for a suspended one.
        var ends = await RankProcess.RunSuspendedAsync(
            run,
            3,
            suspendedRank: 1,
            suspendedAfter: 2,
            deadlineSeconds: 15
        );

        Assert.All(ends.Values, end => Assert.Equal((int)ExitCode.PeerLost, end.ExitCode));
        Assert.All(ends.Values, end => Assert.Contains("Lost rank 1 during", end.Error, StringComparison.Ordinal));
        var complete = ends[2].Error;
        Assert.Contains("rank 2 (this one) is in AllReduce", complete, StringComparison.Ordinal);
        Assert.Contains("and waits for rank 1; rank 0 is in AllReduce", complete, StringComparison.Ordinal);
        Assert.Contains("and waits for rank 2; rank 1 was not heard", complete, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropout_drops_the_same_at_any_world_size()
    {
        using var alone = new TestRun();
        using var together = new TestRun();

        await RankProcess.RunGangAsync(alone, worldSize: 1, attempt: 1);
        await RankProcess.RunGangAsync(together, worldSize: 2, attempt: 1);

        // Sums in another order differ in the last digits; other masks would differ in the second.
        foreach (var (one, other) in Losses(alone).Zip(Losses(together)))
        {
            Assert.Equal(one, other, 1e-4);
        }
        Assert.Equal(TestRun.MaxSteps, Losses(alone).Count);
    }

    private static List<double> Losses(TestRun run) =>
        [.. run.Metrics().Select(line => JsonNode.Parse(line)!["loss/train"]!.GetValue<double>())];
}
