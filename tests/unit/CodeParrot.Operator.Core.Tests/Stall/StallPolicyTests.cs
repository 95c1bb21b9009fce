using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Stall;

namespace CodeParrot.Operator.Core.Tests.Stall;

public sealed class StallPolicyTests
{
    [Fact]
    public void Restarts_a_gang_that_makes_no_steps_and_names_the_slowest_rank()
    {
        var world = new World().ToTraining().Report(5).Settle();
        world.Report(6, null, Rank(0, 6), Rank(1, 5)).Advance(10).Settle().Advance(600).Settle();

        var failure = world.Status.LastFailure!;
        var stalled = world.Status.Condition(ConditionTypes.Stalled)!;
        Assert.Equal((ConditionReasons.NoStep, 1, "small-train-a1-1"), (failure.Reason, failure.Rank, failure.Pod));
        Assert.Equal(("True", ConditionReasons.NoStep), (stalled.Status, stalled.Reason));
        Assert.Equal((RunPhase.Restarting, 1), (world.Status.Phase, world.Status.Budget.Counted));
        Assert.Contains(world.Events, e => e is { Warning: true, Reason: "Stalled" });
    }

    [Theory]
    [InlineData(1.8, "; until then rank 1 took 1.8 times as long as the median")]
    [InlineData(1.1, "is rank 1, Training at step 5")]
    public void Says_who_was_behind_while_steps_were_still_made(double ratio, string end)
    {
        var world = new World().ToTraining().Report(5).Settle();
        world.Report(6, null, Rank(0, 6), Rank(1, 5));
        world.Progress = world.Progress! with { StragglerRank = 1, StragglerRatio = ratio };

        world.Advance(10).Settle().Advance(600).Settle();

        Assert.EndsWith(end, world.Status.LastFailure!.Message);
    }

    [Fact]
    public void A_gang_is_not_blamed_for_an_operator_s_absence()
    {
        var world = new World().ToTraining().Report(5).Advance(10).Settle().Advance(3600);
        var observed = world.Observe() with { Progress = null };

        Assert.NotNull(new StallPolicy().Decide(observed));
        Assert.Null(new StallPolicy().Decide(observed with { LookedSince = world.Now }));
    }

    [Fact]
    public void Steps_keep_the_clock_back()
    {
        var world = new World().ToTraining();
        for (var step = 1; step <= 20; step++)
        {
            world.Report(step).Advance(300).Settle();
        }

        Assert.Equal((1, RunPhase.Running), (world.Status.Attempt, world.Status.Phase));
        Assert.Null(world.Status.LastFailure);
    }

    [Fact]
    public void The_first_step_has_the_startup_deadline()
    {
        var world = new World().ToTraining();
        var due = world.History[^1].Requeue;

        world.Advance(1199).Settle();
        var early = world.Status.LastFailure;
        world.Advance(1).Settle();

        Assert.Equal((TimeSpan.FromMinutes(20), null), (due, early));
        Assert.Equal(ConditionReasons.StartupTimeout, world.Status.LastFailure!.Reason);
    }

    [Fact]
    public void The_clock_stands_still_while_pods_have_no_node()
    {
        var world = new World().Settle().Succeed("corpus");
        world.HasRoom = false;
        world.Succeed("tokenizer").Advance(86_400).Settle();
        var waiting = (world.Status.LastFailure, world.Status.Condition(ConditionTypes.Scheduled)!.Status);

        world.MakeRoom().Settle().Advance(1199).Settle();

        Assert.Equal((null, "False"), waiting);
        Assert.Null(world.Status.LastFailure);
        Assert.Equal("True", world.Status.Condition(ConditionTypes.Scheduled)!.Status);
    }

    [Fact]
    public void A_pod_whose_image_cannot_be_had_is_named()
    {
        var world = new World().Settle();
        world
            .Change("corpus", p => p with { Phase = PodPhase.Pending, WaitingReason = "ImagePullBackOff" })
            .Settle()
            .Advance(1200)
            .Settle();

        Assert.Contains("ImagePullBackOff", world.Status.LastFailure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_without_steps_takes_the_time_it_takes_once_its_pods_run()
    {
        var world = new World().Settle().Advance(86_400).Settle();

        Assert.Null(world.Status.LastFailure);
    }

    [Fact]
    public void An_evaluation_makes_no_steps_and_is_no_stall()
    {
        var world = new World().ToTraining().Report(5).Settle();
        world.Report(5, null, Rank(0, 5) with { State = "Evaluating" }).Advance(10).Settle();

        world.Advance(599).Settle().Advance(599).Settle();
        var during = world.Status.LastFailure;
        world.Report(5, null, Rank(0, 5)).Advance(10).Settle().Advance(600).Settle();

        Assert.Null(during);
        Assert.Equal(ConditionReasons.NoStep, world.Status.LastFailure!.Reason);
    }

    [Fact]
    public void The_step_that_a_gang_resumes_from_is_not_one_that_it_made()
    {
        var world = new World().ToTraining().Report(40, Runs.Checkpoint(40)).Settle();
        world.End("train", 1).Settle().Advance(60).Settle();

        world.Report(40).Settle();
        var resumed = world.Status.Phase;
        world.Report(41).Advance(10).Settle();

        Assert.Equal((RunPhase.Starting, RunPhase.Running), (resumed, world.Status.Phase));
    }

    [Fact]
    public void A_step_ends_the_stall()
    {
        var world = new World().ToTraining().Advance(1200).Settle().End("train", 137).Settle().Advance(60).Settle();
        var before = world.Status.Condition(ConditionTypes.Stalled)!.Status;

        world.Report(1).Settle();

        var stalled = world.Status.Condition(ConditionTypes.Stalled)!;
        Assert.Equal(("True", "False", ConditionReasons.StepMade), (before, stalled.Status, stalled.Reason));
    }

    [Fact]
    public void A_rule_may_decide_about_stalls()
    {
        var world = new World("failurePolicy.rules=[{onReason: StartupTimeout, action: Fail}]").ToTraining();

        world.Advance(1200).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
    }

    private static RankProgress Rank(int rank, long step) => new(rank, "Training", step, 0, Runs.Start);
}
