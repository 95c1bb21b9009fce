using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Stages;

public sealed class TrainingEndTests
{
    [Theory]
    [InlineData(RecoveryMode.Peers, 137)]
    [InlineData(RecoveryMode.Peers, 43)]
    [InlineData(RecoveryMode.Gang, 137)]
    [InlineData(RecoveryMode.Gang, 43)]
    public void A_rank_that_is_lost_as_rank_0_ends_well_ends_nothing(RecoveryMode recovery, int exitCode)
    {
        var world = Training(recovery).End("a1-0", 0, Last()).End("a1-1", exitCode).Settle();
        var deleted = world.History.SelectMany(p => p.Actions).OfType<DeletePod>().Select(d => d.Name);

        Assert.Contains("small-train-a1-2", deleted);
        world.End("a1-2", 43).Settle();
        Assert.Equal((1, "evaluate", 0), (world.Status.Attempt, world.Status.Stage, world.Status.Restarts));
        Assert.Equal((0, null), (world.Status.Budget.Counted, world.Status.LastFailure));
        Assert.Equal((100L, "b1/step-000000100-a1"), (world.Status.Progress!.Step, Newest(world)));
        Assert.DoesNotContain(world.Living, p => p.Stage == "train");
    }

    [Fact]
    public void One_that_vanished_ends_nothing_either()
    {
        var world = Training().End("a1-0", 0, Last()).Vanish("a1-1").Settle().End("a1-2", 43).Settle();

        Assert.Equal((1, "evaluate"), (world.Status.Attempt, world.Status.Stage));
    }

    [Fact]
    public void A_replacement_that_comes_when_rank_0_has_ended_is_not_waited_for()
    {
        var world = Training().End("a1-1", 137).Settle().Advance(5).Settle();

        world.End("a1-0", 0, Last()).Settle();
        var before = world.Status.Stage;
        world.Advance(30).Settle().End("train", 43).Settle();

        Assert.Equal(("train", "evaluate", 1), (before, world.Status.Stage, world.Status.Attempt));
    }

    [Fact]
    public void Ranks_that_end_a_little_later_end_by_themselves()
    {
        var world = Training().End("a1-0", 0, Last()).Settle();
        var plan = world.Step();

        world.Advance(20).Settle().End("train", 0).Settle();

        Assert.True(plan.Requeue <= TimeSpan.FromSeconds(30), $"{plan.Requeue}");
        Assert.Equal((1, "evaluate"), (world.Status.Attempt, world.Status.Stage));
        Assert.DoesNotContain(
            world.History.SelectMany(p => p.Actions),
            a => a is DeletePod { Name: "small-train-a1-1" }
        );
    }

    [Theory]
    [InlineData("a1-1")]
    [InlineData("a1-2")]
    public void Nobody_but_rank_0_can_say_that_all_is_done(string done)
    {
        var world = Training().End(done, 0).Settle();

        world.Advance(600).Settle();

        Assert.Equal((1, "train"), (world.Status.Attempt, world.Status.Stage));
    }

    [Fact]
    public void A_stop_of_rank_0_is_no_end()
    {
        var world = Training().End("a1-0", 75).End("a1-1", 137).Settle();

        Assert.Equal("train", world.Status.Stage);
        Assert.DoesNotContain("train", world.Status.Stages.Keys);
    }

    private static World Training(RecoveryMode recovery = RecoveryMode.Peers) =>
        new World("workers.count=3", $"failurePolicy.recovery={recovery}").ToTraining().Report(90).Settle();

    private static Contract.Runtime.TerminationMessage Last() =>
        new() { Step = 100, Checkpoints = [Runs.Checkpoint(100)] };

    private static string Newest(World world) => Core.Progress.CheckpointList.Key(world.Status.Checkpoints[0]);
}
