using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Tests.Progress;

public sealed class CheckpointListTests
{
    [Fact]
    public void Keeps_the_newest_fifty_and_the_best()
    {
        var all = Enumerable.Range(1, 80).Select(i => Runs.Checkpoint(i, evalLoss: i == 7 ? 1.0 : 2.0));

        var kept = CheckpointList.Merge([], all);

        Assert.Equal(51, kept.Count);
        Assert.Equal((80L, 31L, 7L), (kept[0].Step, kept[49].Step, kept[50].Step));
    }

    [Fact]
    public void Names_each_checkpoint_once_with_its_newest_facts()
    {
        var kept = CheckpointList.Merge(
            [Runs.Checkpoint(1)],
            [Runs.Checkpoint(1, evalLoss: 2), Runs.Checkpoint(1, "b2")]
        );

        Assert.Equal(2, kept.Count);
        Assert.Equal(2.0, kept.Single(c => c.Branch == "b1").EvalLoss);
    }

    [Fact]
    public void A_node_whose_clock_is_ahead_does_not_keep_its_checkpoint_the_newest()
    {
        var ahead = Runs.Checkpoint(20) with { CreatedAt = Runs.Start.AddYears(1) };
        var later = Runs.Checkpoint(30);
        var rolledBack = Runs.Checkpoint(10, "b2") with { Name = StorePaths.CheckpointName(10, attempt: 2) };

        var kept = CheckpointList.Merge([ahead], [rolledBack, later]);

        Assert.Equal([10L, 30L, 20L], kept.Select(c => c.Step));
    }

    [Fact]
    public void One_that_is_older_than_all_that_are_kept_is_no_news()
    {
        var world = new World().ToTraining().Report(1, Runs.Checkpoint(1)).Settle();
        var many = Enumerable.Range(100, 60).Select(i => Runs.Checkpoint(i)).ToList();
        world.End("a1-0", 75, new() { Checkpoints = many }).Settle().End("a1-1", 75).Settle().Advance(60).Settle();

        // A hundred passes that all write would end the test.
        world.Report(2, Runs.Checkpoint(1)).Settle().Advance(60).Settle();

        Assert.DoesNotContain(world.Status.Checkpoints, c => c.Step == 1);
    }

    [Theory]
    [InlineData(new[] { "b2:7", "b2:6", "b1:9", "b1:5" }, "b2/step-000000006-a1")]
    [InlineData(new[] { "b2:6", "b1:9", "b1:5" }, "b1/step-000000005-a1")]
    [InlineData(new[] { "b1:9", "b1:8", "b1:5", "b1:3" }, "b1/step-000000003-a1")]
    [InlineData(new[] { "b1:9", "b1:5" }, null)]
    public void Goes_back_along_its_own_line_alone(string[] known, string? expected)
    {
        var status = new Api.Status.RunStatus
        {
            Branch = "b2",
            StartFrom = new("b1/step-000000005-a1", 0),
            Checkpoints = [.. known.Select(k => Runs.Checkpoint(long.Parse(k[3..]), k[..2]))],
        };

        Assert.Equal(expected, CheckpointList.BeforeNewest(status) is { } c ? CheckpointList.Key(c) : null);
    }

    [Fact]
    public void Prefers_the_current_branch_for_a_step()
    {
        var status = new Api.Status.RunStatus
        {
            Branch = "b1",
            Checkpoints = [Runs.Checkpoint(5, "b2"), Runs.Checkpoint(5, "b1")],
        };

        Assert.Equal("b1", CheckpointList.AtStep(status, 5)!.Branch);
        Assert.Null(CheckpointList.AtStep(status, 6));
    }

    [Fact]
    public void What_a_pod_said_that_went_before_anybody_looked_is_heard_when_its_run_is_suspended()
    {
        var world = new World().ToTraining();
        world.Edit(s => s with { Suspend = true }).Settle();

        Leave(world);
        world.Settle();

        Assert.Equal(RunPhase.Suspended, world.Status.Phase);
        Assert.Equal([60L], world.Status.Checkpoints.Select(c => c.Step));
    }

    [Fact]
    public void And_when_the_next_attempt_begins()
    {
        var world = new World().ToTraining().Report(50, Runs.Checkpoint(50)).Settle();
        world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 50 } }).Settle();

        Leave(world);
        world.Settle();

        Assert.Equal(2, world.Status.Attempt);
        Assert.Equal([60L, 50L], world.Status.Checkpoints.Select(c => c.Step));
    }

    [Fact]
    public void A_pod_of_another_run_or_attempt_says_nothing()
    {
        var world = new World().ToTraining();
        var words = new TerminationMessage { Checkpoints = [Runs.Checkpoint(60)] };
        var first = world.Pods.First(p => p is { Stage: StageNames.Train, PodIndex: 0 });

        world.Departed = first with { RunUid = "another", Message = words };
        world.Settle();
        world.Departed = first with { Attempt = first.Attempt - 1, Message = words };
        world.Settle();

        Assert.Empty(world.Status.Checkpoints);
    }

    [Fact]
    public void What_retention_deleted_is_named_no_more_and_old_words_do_not_bring_it_back()
    {
        var world = new World().ToTraining();
        foreach (var step in new long[] { 10, 20, 30 })
        {
            world.Report(step, Runs.Checkpoint(step)).Settle();
        }

        Tell(world, 30, Runs.Checkpoint(30), 20, 30);
        var told = world.Status.Checkpoints.Select(c => c.Step).ToList();
        var writes = world.History.Count(p => p.Actions.Count > 0);
        world.Report(30, Runs.Checkpoint(30)).Settle();

        Assert.Equal([30L, 20L], told);
        Assert.Equal([30L, 20L], world.Status.Checkpoints.Select(c => c.Step));
        Assert.Equal(writes, world.History.Count(p => p.Actions.Count > 0));
    }

    [Fact]
    public void Words_that_are_older_than_a_checkpoint_do_not_deny_it()
    {
        var world = new World().ToTraining().Report(10, Runs.Checkpoint(10)).Settle();
        world.Report(20, Runs.Checkpoint(20)).Settle();

        Tell(world, 20, Runs.Checkpoint(10), 10);

        Assert.Equal([20L, 10L], world.Status.Checkpoints.Select(c => c.Step));
    }

    // As an operator has it that was paused while another one led.
    [Fact]
    public void An_old_reading_does_not_bring_back_what_it_saw()
    {
        var world = new World().ToTraining().Report(10, Runs.Checkpoint(10)).Settle();
        Tell(world, 20, Runs.Checkpoint(20), 20);

        Tell(world, 10, Runs.Checkpoint(10), 10);

        Assert.Equal([20L], world.Status.Checkpoints.Select(c => c.Step));
    }

    [Fact]
    public void The_next_attempt_tells_what_the_one_before_deleted_and_could_not_say()
    {
        var world = new World().ToTraining().Report(10, Runs.Checkpoint(10)).Settle();
        world.Report(20, Runs.Checkpoint(20)).Settle();
        world.Report(25).End("train", 137).Settle().Advance(60).Settle();

        Tell(world, 20, Runs.Checkpoint(20), 20);

        Assert.Equal(2, world.Status.Attempt);
        Assert.Equal([20L], world.Status.Checkpoints.Select(c => c.Step));
        Assert.Contains(
            "step-000000020-a1",
            world.Status.Condition(Api.Names.ConditionTypes.CheckpointAvailable)!.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_store_that_somebody_emptied_has_no_checkpoint_available()
    {
        var world = new World().ToTraining().Report(10, Runs.Checkpoint(10)).Settle();
        world.End("train", 137).Settle().Advance(60).Settle();

        Tell(world, 0, null);

        var available = world.Status.Condition(Api.Names.ConditionTypes.CheckpointAvailable)!;
        Assert.Empty(world.Status.Checkpoints);
        Assert.Equal("", world.Status.LatestCheckpoint);
        Assert.Equal(("False", Api.Names.ConditionReasons.CheckpointMissing), (available.Status, available.Reason));
    }

    [Fact]
    public void A_list_that_is_too_long_says_nothing()
    {
        var names = Enumerable.Range(0, RunProgress.MaxStored + 1).Select(i => $"b1/step-{i:D9}-a1").ToList();

        Assert.Null(Hearsay.Of(new RunProgress { Stored = names }).Stored);
        Assert.Null(Hearsay.Of(new TerminationMessage { Stored = [""] }).Stored);
        Assert.Equal(names[..2], Hearsay.Of(new RunProgress { Stored = names[..2] }).Stored);
    }

    private static void Tell(World world, long step, CheckpointSummary? newest, params long[] steps)
    {
        world.Report(step, newest);
        world.Progress = world.Progress! with
        {
            Stored = [.. steps.Select(s => CheckpointList.Key(Runs.Checkpoint(s)))],
        };
        world.Settle();
    }

    // Both ranks stop with a checkpoint, and their pods are gone at once.
    private static void Leave(World world)
    {
        world.Departed = world.Pods.First(p => p is { Stage: StageNames.Train, PodIndex: 0 }) with
        {
            Phase = PodPhase.Failed,
            ExitCode = (int)ExitCode.Stopped,
            Message = new() { Checkpoints = [Runs.Checkpoint(60)] },
        };
        world.Vanish("-train-");
    }
}
