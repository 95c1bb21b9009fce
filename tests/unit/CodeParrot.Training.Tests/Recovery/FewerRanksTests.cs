using CodeParrot.Contract.Spec;
using CodeParrot.Training.Engine;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Training.Tests.Recovery;

public class FewerRanksTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_others_go_on_without_a_rank_that_is_not_replaced(bool isSharded)
    {
        using var undisturbed = RunOf(isSharded);
        using var run = RunOf(isSharded);
        var gang = new MortalGang(run, worldSize: 3)
        {
            IsReplaced = false,
            MinCount = 2,
            Patience = Short,
            StoreOf = life => isSharded ? run.Store : new UnreadStore(run.Store),
        };

        undisturbed.Train(worldSize: 3);
        var ends = gang.Run(new Death(1, RankActivity.Training, 4));

        foreach (var end in new[] { ends[0], ends[2] })
        {
            Assert.Null(end.Error);
            Assert.Equal(TrainingOutcome.Finished, end.Result!.Outcome);
            Assert.Contains(
                end.Observer.Warnings,
                text => text.StartsWith("ranks 0, 2 of 3 go on without the rest", StringComparison.Ordinal)
            );
            // Who it is in the run, not where it stands in the round.
            Assert.All(end.Observer.Progresses, progress => Assert.Equal(end.Rank, progress.Ranks[0].Rank));
        }
        AssertNear(undisturbed, run);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_rank_that_comes_late_is_taken_in_at_the_end_of_a_step(bool isSharded)
    {
        using var undisturbed = RunOf(isSharded);
        using var run = RunOf(isSharded);
        using var goneOn = new ManualResetEventSlim();
        var gang = new MortalGang(run, worldSize: 3)
        {
            MinCount = 2,
            Patience = Short,
            StoreOf = life => isSharded ? run.Store : new UnreadStore(run.Store),
            BeforeReplacement = _ => goneOn.Wait(),
            OnStep = (life, step) =>
            {
                if (life.Rank == 0 && step == 5 && life.Round!.Ranks.Count == 2)
                {
                    goneOn.Set();
                    Assert.True(SpinWait.SpinUntil(life.Round.HasGuests, TimeSpan.FromMinutes(2)));
                }
            },
        };

        undisturbed.Train(worldSize: 3);
        var ends = gang.Run(new Death(2, RankActivity.Training, 4));

        Assert.All(ends, end => Assert.Null(end.Error));
        Assert.All(ends, end => Assert.Equal(3, end.Observer.Progresses[^1].Round));
        Assert.Equal([6L], ends[2].Observer.Steps.Select(step => step.Step));
        Assert.Equal([1, 2, 3, 4, 5, 6], ends[0].Observer.Steps.Select(step => step.Step).Distinct());
        AssertNear(undisturbed, run);
    }

    [Fact]
    public void Fewer_ranks_go_on_with_the_bits_of_as_many_that_resume_from_a_checkpoint_of_that_step()
    {
        using var resumed = RunOf(isSharded: false);
        using var run = RunOf(isSharded: false);
        var gang = new MortalGang(run, worldSize: 3)
        {
            IsReplaced = false,
            MinCount = 2,
            Patience = Short,
        };

        resumed.Train(attempt: 1, worldSize: 3, stopAfter: 3);
        resumed.Train(attempt: 2, worldSize: 2);
        gang.Run(new Death(2, RankActivity.Training, 4));

        Assert.Equal(resumed.ComparableMetrics(), run.ComparableMetrics());
        foreach (var file in new[] { "model.safetensors", "optimizer.safetensors" })
        {
            const string step = "branches/b1/step-000000006";
            var expected = resumed.Bytes($"{TestRun.RunPrefix}/{step}-a2/{file}");
            Assert.True(expected.AsSpan().SequenceEqual(run.Bytes($"{TestRun.RunPrefix}/{step}-a1/{file}")), file);
        }
    }

    [Fact]
    public void One_rank_may_be_enough()
    {
        using var run = RunOf(isSharded: false);
        var gang = new MortalGang(run, worldSize: 2)
        {
            IsReplaced = false,
            MinCount = 1,
            Patience = Short,
        };

        var ends = gang.Run(new Death(1, RankActivity.Training, 3));

        Assert.Null(ends[0].Error);
        Assert.Equal(TestRun.MaxSteps, run.Metrics().Count);
    }

    // Fewer ranks sum in another order.
    private static void AssertNear(TestRun expected, TestRun actual)
    {
        Assert.Equal(TestRun.MaxSteps, actual.Metrics().Count);
        foreach (var name in new[] { "loss/train", "loss/eval", "grad_norm" })
        {
            Assert.All(expected.Rows(name).Zip(actual.Rows(name)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    private static TestRun RunOf(bool isSharded)
    {
        var run = new TestRun();
        run.Spec = run.Spec with
        {
            Checkpoints = new CheckpointsSpec { EverySteps = 2 },
            Training = run.Spec.Training with { OptimizerSharding = isSharded },
            Workers = run.Spec.Workers with { Count = 3 },
        };
        return run;
    }
}
