using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Rollback;

public sealed class LostTargetPolicyTests
{
    private const string Ten = "b1/step-000000010-a1";
    private const string Twenty = "b1/step-000000020-a1";

    private static readonly TerminationMessage Missing = new()
    {
        ExitCode = 2,
        Class = TerminationMessage.CheckpointMissing,
        Checkpoint = Ten,
    };

    [Fact]
    public void A_target_that_the_next_attempt_does_not_find_takes_the_rollback_back()
    {
        var world = RolledBack();
        world.End("train-a1", 137).Settle();

        world.End("train-a2-0", 2, Missing).Settle();
        world.End("train-a2-1", 43).Settle().Advance(60).Settle();

        var condition = world.Status.Condition(ConditionTypes.RolledBack)!;
        Assert.Equal((RunCondition.False, ConditionReasons.CheckpointMissing), (condition.Status, condition.Reason));
        Assert.Contains("of steps 20", condition.Message, StringComparison.Ordinal);
        Assert.Equal((3, "b1", RunPhase.Starting), (world.Status.Attempt, world.Status.Branch, world.Status.Phase));
        Assert.Equal((ConditionReasons.CheckpointMissing, 0), Answer(world));
        Assert.Equal([20L], world.Status.Checkpoints.Select(c => c.Step));
        Assert.Equal(Twenty, PodBuilder.Build(world.Run, 0).StartFrom);
        Assert.Contains(world.Events, e => e is { Warning: true, Reason: ConditionReasons.CheckpointMissing });
        Assert.Equal((0, 0), (world.Status.Restarts, world.Status.Budget.Counted));
    }

    [Fact]
    public void A_target_that_the_old_attempt_tells_it_deleted_costs_no_attempt()
    {
        var world = RolledBack();

        world.End("train-a1", 75, new TerminationMessage { Stored = [Twenty] }).Settle();

        Assert.Equal((2, "b1", RunPhase.Starting), (world.Status.Attempt, world.Status.Branch, world.Status.Phase));
        Assert.Equal((ConditionReasons.CheckpointMissing, 0), Answer(world));
        Assert.Equal(Twenty, PodBuilder.Build(world.Run, 0).StartFrom);
    }

    [Fact]
    public void Another_rollback_is_made_after_it()
    {
        var world = RolledBack();
        world.End("train-a1", 75, new TerminationMessage { Stored = [Twenty] }).Settle();

        world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 20 } }).Settle().End("train", 75).Settle();

        Assert.Equal((3, "b3", Twenty), (world.Status.Attempt, world.Status.Branch, StartOf(world)));
        Assert.Equal(RunCondition.True, world.Status.Condition(ConditionTypes.RolledBack)!.Status);
    }

    [Fact]
    public void A_run_that_is_suspended_stays_so()
    {
        var world = RolledBack().Edit(s => s with { Suspend = true }).Settle();

        world.End("train-a1", 75, new TerminationMessage { Stored = [Twenty] }).Settle();

        Assert.Equal(("b1", Twenty), (world.Status.Branch, StartOf(world)));
        Assert.Equal((1, RunPhase.Suspended), (world.Status.Attempt, world.Status.Phase));
    }

    [Fact]
    public void A_target_that_is_gone_once_the_branch_has_its_own_checkpoint_is_not_missed()
    {
        var world = RolledBack().End("train-a1", 75).Settle();
        world.Report(12, Runs.Checkpoint(12, "b2") with { Name = "step-000000012-a2" }).Settle();

        world.Progress = world.Progress! with { Stored = ["b2/step-000000012-a2"] };
        world.Settle();
        world.Report(13).End("train", 137).Settle().Advance(60).Settle();

        Assert.Equal((3, "b2"), (world.Status.Attempt, world.Status.Branch));
        Assert.Equal((ConditionReasons.RollbackStarted, 2), Answer(world));
    }

    [Fact]
    public void Another_checkpoint_that_is_missing_says_nothing_of_the_target()
    {
        var world = RolledBack().End("train-a1", 75).Settle();

        world.End("train-a2", 2, Missing with { Checkpoint = Twenty }).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
    }

    [Fact]
    public void A_run_without_any_checkpoint_fails_rather_than_to_begin_anew()
    {
        var world = RolledBack().End("train-a1", 137).Settle();
        world.End("train-a2", 2, Missing).Settle().Advance(60).Settle();

        world.End("train-a3", 2, Missing with { Checkpoint = Twenty }).Settle();

        Assert.Equal((RunPhase.Failed, 3), (world.Status.Phase, world.Status.Attempt));
    }

    private static (string Result, int Attempt) Answer(World world) =>
        (world.Status.Rollback!.Result, world.Status.Rollback.Attempt);

    private static string? StartOf(World world) => world.Status.StartFrom?.Checkpoint;

    private static World RolledBack()
    {
        var world = new World().ToTraining();
        world.Report(10, Runs.Checkpoint(10)).Settle();
        world.Report(20, Runs.Checkpoint(20)).Settle();
        return world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 10 } }).Settle();
    }
}
