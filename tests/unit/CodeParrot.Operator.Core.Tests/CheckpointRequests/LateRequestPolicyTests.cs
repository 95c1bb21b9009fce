using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.CheckpointRequests;

namespace CodeParrot.Operator.Core.Tests.CheckpointRequests;

public sealed class LateRequestPolicyTests
{
    private const string Last = "b1/step-000000100-a1";

    [Fact]
    public void While_the_run_evaluates_and_when_it_is_over_the_newest_checkpoint_is_the_answer()
    {
        var world = Trained().Ask("late").Settle();
        var late = world.Status.CheckpointRequest;
        world.Succeed("evaluate").Succeed("publish").Ask("later").Settle();

        Assert.Equal(("late", Last, ConditionReasons.TrainingOver), (late?.Nonce, late?.Checkpoint, late?.Result));
        Assert.Equal("later", world.Status.CheckpointRequest?.Nonce);
        Assert.True(world.Step().Finished);
        Assert.Equal(2, world.Events.Count(e => e is { Warning: true, Reason: ConditionReasons.TrainingOver }));
    }

    [Fact]
    public void A_run_that_failed_without_a_checkpoint_names_none()
    {
        var world = new World().ToTraining().End("train", 2).Settle();

        world.Ask("late").Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
        Assert.Equal(("late", ""), (world.Status.CheckpointRequest?.Nonce, world.Status.CheckpointRequest?.Checkpoint));
    }

    [Fact]
    public void The_last_checkpoint_answers_what_was_asked_while_the_run_trained()
    {
        var world = new World().ToTraining().Report(99).Settle().Ask("now").Settle();

        world.Succeed(
            "train",
            new TerminationMessage
            {
                Step = 100,
                Checkpoints = [Runs.Checkpoint(100)],
                ServedRequest = new ServedRequest("now", Last),
            }
        );

        Assert.Equal(RunPhase.Evaluating, world.Status.Phase);
        Assert.Equal(ConditionReasons.CheckpointTaken, world.Status.CheckpointRequest?.Result);
        Assert.DoesNotContain(world.Events, e => e.Reason == ConditionReasons.TrainingOver);
    }

    [Fact]
    public void A_rollback_out_of_the_end_does_not_serve_what_came_too_late()
    {
        var world = Trained().Succeed("evaluate").Succeed("publish").Ask("late").Settle();

        world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 100 } }).Settle();

        Assert.Equal((2, "train"), (world.Status.Attempt, world.Status.Stage));
        Assert.Null(OpenRequest.ForTrainer(world.Observe()));
    }

    [Fact]
    public void A_request_that_comes_with_the_rollback_is_the_new_training_s()
    {
        var world = Trained().Succeed("evaluate").Succeed("publish");

        world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 100 } }).Ask("now").Settle();

        Assert.Null(world.Status.CheckpointRequest);
        Assert.Equal("now", OpenRequest.ForTrainer(world.Observe())?.Nonce);
    }

    private static World Trained()
    {
        var world = new World().ToTraining().Report(100, Runs.Checkpoint(100)).Settle();
        return world.Succeed("train");
    }
}
