using CodeParrot.Api.Names;
using CodeParrot.Api.Status;

namespace CodeParrot.Operator.Core.Tests.Progress;

public sealed class ProgressPolicyTests
{
    [Fact]
    public void The_first_step_makes_the_run_running()
    {
        var world = new World().ToTraining();
        var before = world.Status.Phase;

        world.Report(1).Settle();

        Assert.Equal((RunPhase.Starting, RunPhase.Running), (before, world.Status.Phase));
        Assert.Equal(1, world.Status.Progress!.Step);
    }

    [Fact]
    public void Numbers_are_written_every_ten_seconds_at_most()
    {
        var world = new World().ToTraining().Report(1).Settle();

        world.Advance(4).Report(2).Settle();
        var early = world.Status.Progress!.Step;
        var requeue = world.History[^1].Requeue;
        world.Advance(6).Settle();

        Assert.Equal((1L, 6.0), (early, requeue!.Value.TotalSeconds));
        Assert.Equal(2, world.Status.Progress.Step);
    }

    [Fact]
    public void The_same_numbers_are_not_written_again()
    {
        var world = new World().ToTraining().Report(1).Settle();
        var written = world.Status.Progress;

        world.Advance(30).Report(1).Settle();

        Assert.Equal(written, world.Status.Progress);
        Assert.Empty(world.History[^1].Actions);
        Assert.Equal(10, world.History[^1].Requeue!.Value.TotalSeconds);
    }

    [Fact]
    public void The_way_that_gradients_take_is_shown_and_stays()
    {
        var world = new World().ToTraining().Report(1);
        world.Progress = world.Progress! with { Transport = "nccl: P2P" };

        world.Settle();
        world.Advance(30).Report(2).Settle();

        Assert.Equal(2, world.Status.Progress!.Step);
        Assert.Equal("nccl: P2P", world.Status.Network!.Transport);
    }

    [Fact]
    public void A_new_checkpoint_is_written_at_once()
    {
        var world = new World().ToTraining().Report(1).Settle();

        world.Report(2, Runs.Checkpoint(2)).Settle();

        Assert.Equal(2, Assert.Single(world.Status.Checkpoints).Step);
        Assert.Equal("True", world.Status.Condition(ConditionTypes.CheckpointAvailable)!.Status);
    }

    [Fact]
    public void The_utilisation_that_the_trainer_measures_is_shown()
    {
        var world = new World().ToTraining().Report(1);
        world.Progress = world.Progress! with { Mfu = 0.41 };

        world.Settle();

        Assert.Equal(0.41, world.Status.Progress!.Mfu);
    }

    [Fact]
    public void What_training_came_to_stands_until_the_end()
    {
        var end = new Contract.Runtime.TerminationMessage { Step = 100 };
        var world = new World().ToTraining().Report(97).Settle().Succeed("train", end).Report(0).Settle();

        Assert.Equal(
            ("evaluate", 100L, 100L),
            (world.Status.Progress!.Stage, world.Status.Progress.Step, world.Status.Progress.MaxSteps)
        );
    }

    [Fact]
    public void A_stopped_run_shows_the_step_of_its_last_checkpoint()
    {
        var end = new Contract.Runtime.TerminationMessage { Checkpoints = [Runs.Checkpoint(57)] };
        var world = new World().ToTraining().Report(40).Settle();

        world.Edit(s => s with { Suspend = true }).Settle().End("train", 75, end).Settle();

        Assert.Equal((RunPhase.Suspended, 57L), (world.Status.Phase, world.Status.Progress!.Step));
    }

    [Theory]
    [InlineData("another", 1)]
    [InlineData(Runs.Uid, 2)]
    public void Progress_of_another_run_or_attempt_is_dropped(string uid, int attempt)
    {
        var world = new World().ToTraining().Report(5);
        world.Progress = world.Progress! with { RunUid = uid, Attempt = attempt };

        world.Settle();

        Assert.Null(world.Status.Progress);
    }
}
