using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Rollback;

public sealed class RollbackPolicyTests
{
    private static readonly RollbackSpec ToTen = new() { ToStep = 10, SkipSteps = 3 };

    [Fact]
    public void Goes_on_from_the_checkpoint_on_a_new_branch()
    {
        var world = Trained().Edit(s => s with { Rollback = ToTen }).Settle();
        var graces = world
            .History.SelectMany(p => p.Actions)
            .OfType<DeletePod>()
            .Select(d => d.Grace)
            .Distinct()
            .ToList();

        world.End("train-a1", 75).Settle();

        Assert.Equal([TimeSpan.FromMinutes(5)], graces);
        var pod = PodBuilder.Build(world.Run, 0);
        Assert.Equal(("b2", "b1/step-000000010-a1", 3), (pod.Branch, pod.StartFrom, pod.SkipSteps));
        Assert.Equal(("small-train-a2-0", 2), (pod.Name, world.Status.Attempt));
        Assert.Equal("True", world.Status.Condition(ConditionTypes.RolledBack)!.Status);
    }

    [Fact]
    public void Acts_once_on_a_value_and_again_with_another_nonce()
    {
        var world = Trained().Edit(s => s with { Rollback = ToTen }).Settle();
        world.End("train-a1", 75).Settle().End("train", 1).Settle().Advance(60).Settle();
        var restarted = world.Status.Attempt;

        world.Edit(s => s with { Rollback = ToTen with { Nonce = "again" } }).Settle();
        world.End("train", 75).Settle();

        Assert.Equal(3, restarted);
        Assert.Equal((4, "b4"), (world.Status.Attempt, world.Status.Branch));
    }

    [Fact]
    public void Is_the_way_out_of_a_terminal_phase()
    {
        var world = Trained().Succeed("train").Succeed("evaluate").Succeed("publish");
        var finished = world.Status;

        world.Edit(s => s with { Rollback = ToTen }).Settle();

        Assert.Equal(RunPhase.Succeeded, finished.Phase);
        Assert.Equal(RunPhase.Starting, world.Status.Phase);
        Assert.Null(world.Status.FinishedAt);
        Assert.Equal("False", world.Status.Condition(ConditionTypes.Succeeded)!.Status);
        Assert.Equal(["corpus", "tokenizer"], world.Status.Stages.Keys);
    }

    [Fact]
    public void Changes_nothing_when_the_checkpoint_does_not_exist()
    {
        var world = Trained().Edit(s => s with { Rollback = new RollbackSpec { ToStep = 11 } }).Settle();

        var condition = world.Status.Condition(ConditionTypes.RolledBack)!;
        Assert.Equal(("False", ConditionReasons.CheckpointMissing), (condition.Status, condition.Reason));
        Assert.Contains("10, 20", condition.Message, StringComparison.Ordinal);
        Assert.Equal((1, "b1", 2), (world.Status.Attempt, world.Status.Branch, world.Living.Count()));
    }

    [Fact]
    public void Changes_nothing_when_the_checkpoint_was_deleted()
    {
        var world = Trained();
        world.Progress = world.Progress! with { Stored = ["b1/step-000000020-a1"] };

        world.Edit(s => s with { Rollback = ToTen }).Settle();

        var condition = world.Status.Condition(ConditionTypes.RolledBack)!;
        Assert.Equal(("False", ConditionReasons.CheckpointMissing), (condition.Status, condition.Reason));
        Assert.Contains("of steps 20", condition.Message, StringComparison.Ordinal);
        Assert.Equal((1, "b1", 2), (world.Status.Attempt, world.Status.Branch, world.Living.Count()));
    }

    [Fact]
    public void Changes_nothing_when_it_was_there_at_creation()
    {
        var world = new World("rollback={toStep: 10}").Settle();

        Assert.Equal(ConditionReasons.RollbackAtCreation, world.Status.Condition(ConditionTypes.RolledBack)!.Reason);
        Assert.Equal(1, world.Status.Attempt);
        Assert.Null(world.Status.StartFrom);
    }

    [Fact]
    public void Under_suspend_it_is_recorded_and_runs_on_resume()
    {
        var world = Trained().Edit(s => s with { Suspend = true }).Settle().End("train", 75).Settle();

        world.Edit(s => s with { Rollback = ToTen }).Settle();
        var suspended = world.Status;
        world.Edit(s => s with { Suspend = false }).Settle();

        Assert.Equal((1, "b2", RunPhase.Suspended), (suspended.Attempt, suspended.Branch, suspended.Phase));
        Assert.Equal((2, "b2"), (world.Status.Attempt, world.Status.Branch));
    }

    private static World Trained()
    {
        var world = new World().ToTraining();
        world.Report(10, Runs.Checkpoint(10)).Settle();
        world.Report(20, Runs.Checkpoint(20)).Settle();
        return world;
    }
}
