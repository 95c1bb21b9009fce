using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Tests.Deadlines;

public sealed class TotalDeadlinePolicyTests
{
    private const string OneHour = "failurePolicy.totalDeadline=1h";

    [Fact]
    public void Fails_a_run_that_takes_too_long()
    {
        var world = new World(OneHour).Settle();
        var due = world.History[^1].Requeue;

        world.Advance(3600).Settle().End("corpus", 137).Settle();

        Assert.Equal(TimeSpan.FromHours(1), due);
        Assert.Equal(RunPhase.Failed, world.Status.Phase);
        Assert.Equal(ConditionReasons.DeadlineExceeded, world.Status.Condition(ConditionTypes.Failed)!.Reason);
        Assert.Empty(world.Living);
    }

    [Fact]
    public void Time_under_suspend_does_not_count()
    {
        var world = new World(OneHour).Settle().Advance(600);
        world.Edit(s => s with { Suspend = true }).Settle().End("corpus", 75).Settle().Advance(7200).Settle();

        world.Edit(s => s with { Suspend = false }).Settle();
        var resumed = world.Status.Phase;
        world.Advance(3001).Settle();

        Assert.Equal((RunPhase.Preparing, RunPhase.Failed), (resumed, world.Status.Phase));
    }

    [Fact]
    public void A_rollback_out_of_the_end_has_its_time_anew()
    {
        var world = new World(OneHour).ToTraining().Report(10, Runs.Checkpoint(10)).Settle();
        world.Advance(3600).Settle().End("train", 137).Settle();

        world.Edit(s => s with { Rollback = new RollbackSpec { ToStep = 10 } }).Settle();

        Assert.Equal((RunPhase.Starting, world.Now), (world.Status.Phase, world.Status.StartedAt));
    }
}
