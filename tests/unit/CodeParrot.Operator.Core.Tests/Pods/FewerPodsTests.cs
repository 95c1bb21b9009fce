using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Tests.Pods;

/// <summary>Gangs of four pods that go on with two or three (<c>workers.minCount</c>).</summary>
public sealed class FewerPodsTests
{
    [Fact]
    public void Runs_with_as_many_as_are_enough_and_shows_who_is_missing()
    {
        var world = Training(least: 2, noRoomFor: [2, 3]);

        Assert.Equal("2/4", world.Status.Workers!.Summary);
        foreach (var type in new[] { ConditionTypes.Scheduled, ConditionTypes.Running })
        {
            var condition = world.Status.Condition(type)!;
            Assert.Equal((RunCondition.True, ConditionReasons.FewerPods), (condition.Status, condition.Reason));
            Assert.EndsWith(": 2 of 4 pods", condition.Message, StringComparison.Ordinal);
        }

        world.MakeRoom().Settle();
        Assert.Equal("4/4", world.Status.Workers.Summary);
        Assert.Equal(ConditionReasons.PodsRunning, world.Status.Condition(ConditionTypes.Running)!.Reason);
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(0)]
    public void Without_pod_0_or_enough_others_it_does_not_run(params int[] waiting)
    {
        var world = Training(least: 2, waiting);

        Assert.Equal(RunCondition.False, world.Status.Condition(ConditionTypes.Running)!.Status);
        Assert.Null(world.Status.Gang.ScheduledAt);
    }

    [Fact]
    public void The_clock_of_the_start_begins_with_enough_pods_and_counts_the_wait_for_the_rest()
    {
        var world = Training(least: 3, noRoomFor: [3]);

        world.Advance(1799).Settle();
        var before = world.Status.Restarts;
        world.Advance(2).Settle();

        Assert.Equal((0, 1), (before, world.Status.Restarts));
        Assert.Equal(ConditionReasons.StartupTimeout, world.Status.LastFailure!.Reason);
    }

    [Fact]
    public void A_gang_that_makes_steps_is_not_ended_for_those_that_never_come()
    {
        var world = Training(least: 3, noRoomFor: [3]);

        for (var step = 1; step <= 40; step++)
        {
            world.Advance(300).Report(step, checkpoint: null, Training(world, step)).Settle();
        }

        Assert.Equal((1, 0, "3/4"), (world.Status.Attempt, world.Status.Restarts, world.Status.Workers!.Summary));
        Assert.Contains(world.Events, e => e.Message == "attempt 1 makes steps with 3 of 4 ranks");
    }

    [Fact]
    public void A_replacement_that_never_comes_does_not_end_the_attempt()
    {
        var world = Training(least: 3).Report(1, checkpoint: null).Settle();
        world.HasRoom = false;

        world.End("a1-2", 137).Settle().Advance(5).Settle();
        var lost = world.Status;
        for (var step = 2; step <= 40; step++)
        {
            world.Advance(300).Report(step, checkpoint: null, Training(world, step)).Settle();
        }

        Assert.Equal((RunPhase.Restarting, "3/4"), (lost.Phase, lost.Workers!.Summary));
        Assert.NotNull(lost.Gang.ScheduledAt);
        Assert.Equal((RunPhase.Running, 1, 1), (world.Status.Phase, world.Status.Attempt, world.Status.Restarts));
    }

    [Fact]
    public void A_gang_that_stands_still_is_ended_though_enough_run()
    {
        var world = Training(least: 3, noRoomFor: [3]).Report(1, checkpoint: null, Training(null, 1)).Settle();

        world.Advance(1199).Settle();
        var before = world.Status.Restarts;
        world.Advance(2).Settle();

        Assert.Equal((0, 1), (before, world.Status.Restarts));
        Assert.Equal(ConditionReasons.NoStep, world.Status.LastFailure!.Reason);
    }

    [Fact]
    public void Rank_0_is_waited_for_and_no_clock_runs()
    {
        var world = Training(least: 2);
        world.HasRoom = false;
        world.End("a1-0", 137).Settle().Advance(5).Settle();

        world.Advance(7200).Settle();

        Assert.Null(world.Status.Gang.ScheduledAt);
        Assert.Equal((1, 1), (world.Status.Attempt, world.Status.Restarts));
    }

    [Theory]
    [InlineData("a1-3", true)]
    [InlineData("a1-0", false)]
    public void One_that_came_late_and_in_vain_is_replaced_while_enough_train(string who, bool goesOn)
    {
        var world = Training(least: 3).End(who, 43).Settle().Advance(6).Settle();

        Assert.Equal(goesOn, world.Status.LivingAttempt() is not null);
        Assert.Equal(goesOn ? 1 : 0, world.Status.Gang.Generation);
    }

    [Fact]
    public void Where_too_few_are_left_one_that_gave_up_ends_the_attempt()
    {
        var world = Training(least: 3, noRoomFor: [1]);

        world.End("a1-3", 43).Settle().Advance(6).Settle();

        Assert.Null(world.Status.LivingAttempt());
    }

    [Fact]
    public void Is_done_when_rank_0_and_enough_others_are_and_the_rest_goes()
    {
        var world = Training(least: 2, noRoomFor: [2, 3]);

        world.End("a1-1", 0).Settle();
        var before = world.Status.Stage;
        world.End("a1-0", 0).Settle();

        Assert.Equal((StageNames.Train, StageNames.Evaluate), (before, world.Status.Stage));
        Assert.DoesNotContain(world.Living, p => p.Stage == StageNames.Train);
        Assert.Equal((1, 0), (world.Status.Attempt, world.Status.Restarts));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(137)]
    [InlineData(-1)]
    public void What_becomes_of_the_rest_at_the_end_does_not_matter(int exitCode)
    {
        var world = Training(least: 2).End("a1-1", 0);

        _ = exitCode < 0 ? world.Vanish("a1-3") : world.End("a1-3", exitCode);
        world.Settle().Advance(10).Settle();
        var ending = world.Status;
        world.End("a1-0", 0).Settle();

        Assert.Equal((StageNames.Train, 0), (ending.Stage, ending.Restarts));
        Assert.NotNull(ending.LivingAttempt());
        Assert.Equal((StageNames.Evaluate, 0), (world.Status.Stage, world.Status.Restarts));
    }

    [Fact]
    public void A_pod_that_is_awaited_at_the_end_is_not_missed()
    {
        var world = Training(least: 2).End("a1-3", 137).Settle().End("a1-1", 0).Settle();
        var ending = world.Status.LivingAttempt();

        world.End("a1-0", 0).Settle().End("a1-2", 0).Settle();

        Assert.NotNull(ending);
        Assert.Equal((StageNames.Evaluate, 1), (world.Status.Stage, world.Status.Restarts));
    }

    [Fact]
    public void Without_rank_0_it_is_not_done()
    {
        var world = Training(least: 2).End("a1-1", 0).End("a1-2", 0).End("a1-0", 137).Settle();

        Assert.Equal(StageNames.Train, world.Status.Stage);
        Assert.Null(world.Status.LivingAttempt());
    }

    [Fact]
    public void Suspend_removes_pods_that_wait_and_a_resume_makes_all_anew()
    {
        var world = Training(least: 2, noRoomFor: [3]);

        world.Edit(s => s with { Suspend = true }).Settle();
        var waiting = world.Living.Count(p => !p.Deleting);
        world.End("train", 75).Settle();
        var suspended = world.Status.Phase;
        world.Edit(s => s with { Suspend = false }).Settle();

        Assert.Equal((0, RunPhase.Suspended), (waiting, suspended));
        Assert.Equal((2, 4), (world.Status.Attempt, world.Living.Count()));
    }

    [Fact]
    public void A_stop_of_those_that_run_costs_nothing_more_than_the_loss_before_it()
    {
        var world = Training(least: 2, noRoomFor: [3]);
        world.Vanish("train-a1-2").Settle().End("train-a1-0", 75).End("train-a1-1", 75).Settle();

        Assert.Null(world.Status.LivingAttempt());
        Assert.Equal((1, 1), (world.Status.Restarts, world.Status.Budget.Free));
        Assert.Equal(2, world.Advance(60).Settle().Status.Attempt);
    }

    [Fact]
    public void The_least_is_that_of_the_attempt_until_the_next_begins()
    {
        var world = Training(least: 3);

        world.Edit(s => s with { Workers = s.Workers with { MinCount = 2 } }).Settle();
        var meanwhile = (world.Status.Gang.MinPods, world.Status.PendingChange.Length > 0);
        world.End("train", 1).Settle().Advance(60).Settle();

        Assert.Equal((3, true), meanwhile);
        Assert.Equal((2, 2), (world.Status.Attempt, world.Status.Gang.MinPods));
    }

    [Fact]
    public void The_least_is_counted_in_pods()
    {
        string[] overrides = ["workers.count=4", "workers.gpusPerPod=2", "workers.minCount=2"];
        var world = new World([.. overrides, "failurePolicy.recovery=Peers"]) { NoRoomFor = [1] }.ToTraining();

        Assert.Equal((2, 1, "2/4"), (world.Status.Gang.Pods, world.Status.Gang.MinPods, world.Status.Workers!.Summary));
        Assert.Equal(4, world.Around.SpecOf("small-train-a1-0").WorldSize);
    }

    [Fact]
    public void Without_minCount_all_are_needed()
    {
        var world = new World("workers.count=4", "failurePolicy.recovery=Peers") { NoRoomFor = [3] }.ToTraining();

        Assert.Null(world.Status.Gang.MinPods);
        Assert.Equal(ConditionReasons.PodsPending, world.Status.Condition(ConditionTypes.Running)!.Reason);
    }

    private static World Training(int least, params int[] noRoomFor) =>
        new World("workers.count=4", $"workers.minCount={least}", "failurePolicy.recovery=Peers")
        {
            NoRoomFor = [.. noRoomFor],
        }.ToTraining();

    private static RankProgress[] Training(World? world, long step) =>
        [new RankProgress(0, "Training", step, 1, world?.Now ?? Runs.Start)];
}
