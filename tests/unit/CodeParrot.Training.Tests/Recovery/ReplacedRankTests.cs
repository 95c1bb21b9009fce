using CodeParrot.Contract.Spec;
using CodeParrot.Distributed;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Recovery;

public class ReplacedRankTests
{
    /// <summary>Lost ranks of a world of three: rank, what it does, step, generation, one after another.</summary>
    public static TheoryData<string> Deaths =>
        [
            // In the middle of a step, the first one, and one that a checkpoint or an evaluation follows.
            "1 Training 1",
            "1 Training 3",
            "2 Training 4",
            "0 Training 4",
            "1 Evaluating 2",
            "0 Evaluating 4",
            "2 Checkpointing 3",
            "0 Checkpointing 3",
            // The last step is done, and its checkpoint is on its way.
            "1 Checkpointing 6",
            // Two in turn, the same one twice, all but one at once, one while the others wait for another.
            "1 Training 2, 2 Training 5",
            "0 Training 2, 1 Training 3, 0 Training 5 1",
            "2 Training 2, 2 Training 4 1",
            "0 Training 3, 1 Training 3",
            "1 Training 3, 2 Training 3",
            "1 Training 3, 2 Joining 2",
            "2 Training 3, 0 Joining 2",
        ];

    [Theory]
    [MemberData(nameof(Deaths))]
    public void A_run_goes_on_from_a_survivor_with_the_same_bits_and_reads_no_checkpoint(string deaths)
    {
        using var undisturbed = RunOf(everySteps: 3);
        using var run = RunOf(everySteps: 3);
        var gang = new MortalGang(run, worldSize: 3);

        undisturbed.Train(worldSize: 3);
        var ends = gang.Run(Read(deaths));

        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.All(ends, end => Assert.Equal(TrainingOutcome.Finished, end.Result!.Outcome));
        Assert.Equal(Read(deaths).Length, gang.Lives.Count(life => life.Error is KilledException));
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        AssertSameWeights(undisturbed, run);
        if (Read(deaths).Any(death => death.Rank == 0))
        {
            // What rank 0 was writing when it died is written again at the step where the others are.
            Assert.InRange(Manifests(run).Count, 2, 3);
        }
        else
        {
            Assert.Equal(Manifests(undisturbed), Manifests(run));
        }
    }

    [Fact]
    public void All_ranks_lost_at_once_go_on_from_the_newest_checkpoint()
    {
        using var undisturbed = RunOf(everySteps: 2);
        using var run = RunOf(everySteps: 2);
        var gang = new MortalGang(run, worldSize: 2) { StoreOf = _ => run.Store };

        undisturbed.Train(worldSize: 2);
        var ends = gang.Run(Read("0 Training 4, 1 Training 4"));

        Assert.All(ends, end => Assert.Null(end.Error));
        // The upload of step 2 may have ended with its rank.
        Assert.All(ends, end => Assert.InRange(end.Observer.Steps[0].Step, 1, 3));
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
    }

    [Theory]
    [InlineData("1 Training 4")]
    [InlineData("0 Training 4")]
    [InlineData("1 Checkpointing 4")]
    public void With_a_sharded_optimiser_nobody_holds_the_state_and_the_newest_checkpoint_is_gone_on_from(string death)
    {
        using var undisturbed = RunOf(everySteps: 2, isSharded: true);
        using var run = RunOf(everySteps: 2, isSharded: true);
        var gang = new MortalGang(run, worldSize: 2) { StoreOf = _ => run.Store };

        undisturbed.Train(worldSize: 2);
        var ends = gang.Run(Read(death));

        Assert.All(ends, end => Assert.Null(end.Error));
        var survivor = ends.Single(end => end.Generation == 0);
        Assert.Contains(
            survivor.Observer.Informations,
            text => text.Contains("none holds the whole state", StringComparison.Ordinal)
        );
        Assert.Equal(undisturbed.ComparableMetrics(), run.ComparableMetrics());
        AssertSameWeights(undisturbed, run);
    }

    [Fact]
    public void A_loss_is_told_with_who_was_lost_how_long_it_took_and_whose_state_it_was()
    {
        using var run = RunOf(everySteps: 3);

        var ends = new MortalGang(run, worldSize: 3).Run(Read("1 Training 3"));

        var warning = Assert.Single(ends[2].Observer.Warnings);
        Assert.StartsWith("Lost rank 1 during ", warning, StringComparison.Ordinal);
        Assert.Contains("holds the state of step 2 in memory", warning, StringComparison.Ordinal);
        Assert.Contains(
            ends[2].Observer.Informations,
            text => text.EndsWith("round 2: goes on at step 2 from the memory of rank 0", StringComparison.Ordinal)
        );
        Assert.Contains(ends[2].Observer.Progresses, p => p.Ranks[0].State == "Joining" && p.Round == 1);
        Assert.All(ends, end => Assert.Equal(2, end.Observer.Progresses[^1].Round));
    }

    [Fact]
    public void A_rank_that_does_not_come_back_ends_the_others_by_name()
    {
        using var run = RunOf(everySteps: 3);
        var gang = new MortalGang(run, worldSize: 3) { IsReplaced = false, Patience = TimeSpan.FromSeconds(3) };

        var ends = gang.Run(Read("1 Training 3"));

        foreach (var end in new[] { ends[0], ends[2] })
        {
            Assert.Equal([1], Assert.IsType<RendezvousTimeoutException>(end.Error).MissingRanks);
        }
    }

    private static Death[] Read(string deaths) =>
        [
            .. deaths
                .Split(", ")
                .Select(death => death.Split(' '))
                .Select(words => new Death(
                    int.Parse(words[0]),
                    Enum.Parse<RankActivity>(words[1]),
                    long.Parse(words[2]),
                    words.Length > 3 ? int.Parse(words[3]) : 0
                )),
        ];

    private static void AssertSameWeights(TestRun expected, TestRun actual)
    {
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
        {
            var key = $"{TestRun.RunPrefix}/branches/b1/step-000000006-a1/{file}";
            Assert.True(expected.Bytes(key).AsSpan().SequenceEqual(actual.Bytes(key)), $"{file} differs");
        }
    }

    private static List<string> Manifests(TestRun run) =>
        [
            .. run.Keys($"{TestRun.RunPrefix}/branches/")
                .Where(key => key.EndsWith("/manifest.json", StringComparison.Ordinal)),
        ];

    private static TestRun RunOf(int everySteps, bool isSharded = false)
    {
        var run = new TestRun();
        run.Spec = run.Spec with
        {
            Checkpoints = new CheckpointsSpec { EverySteps = everySteps },
            Training = run.Spec.Training with { OptimizerSharding = isSharded },
        };
        return run;
    }
}
