using CodeParrot.Contract.Spec;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Recovery;

public class UnevenSurvivorsTests
{
    /// <summary>
    /// The rank that misses the end of a sum, and which: steps have one each, and evaluations, after steps 2, 4 and 6,
    /// have one too, behind that of their step.
    /// </summary>
    public static TheoryData<int, int> Missed =>
        new()
        {
            // A step that the others have done.
            { 0, 1 },
            { 1, 4 },
            { 2, 4 },
            { 0, 5 },
            // An evaluation that the others have.
            { 0, 3 },
            { 1, 3 },
            { 2, 6 },
            // The last of all.
            { 1, 9 },
        };

    [Theory]
    [MemberData(nameof(Missed))]
    public void A_rank_that_misses_the_end_of_a_sum_catches_up_with_the_others(int deafRank, int missedSum)
    {
        using var undisturbed = RunOf();
        using var run = RunOf();
        var isDeaf = true;
        var gang = new MortalGang(run, worldSize: 3)
        {
            GroupOf = (life, group) =>
                life.Rank == deafRank && Interlocked.Exchange(ref isDeaf, false)
                    ? new DeafGroup(group, missedSum)
                    : group,
        };

        undisturbed.Train(worldSize: 3);
        var ends = gang.Run();

        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.All(ends, end => Assert.Equal(2, end.Observer.Progresses[^1].Round));
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        Assert.Equal(undisturbed.Keys($"{TestRun.RunPrefix}/branches/"), run.Keys($"{TestRun.RunPrefix}/branches/"));
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
        {
            var key = $"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/{file}";
            Assert.True(undisturbed.Bytes(key).AsSpan().SequenceEqual(run.Bytes(key)), $"{file} differs");
        }
    }

    private static TestRun RunOf()
    {
        var run = new TestRun();
        run.Spec = run.Spec with { Checkpoints = new CheckpointsSpec { EverySteps = 3 } };
        return run;
    }
}
