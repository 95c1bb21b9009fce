using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Planning;

public sealed class TransitionEventsTests
{
    [Fact]
    public void Tells_each_transition_of_a_run_s_life_once()
    {
        var world = new World().ToTraining().Report(1).Settle();
        world.End("train", 1).Settle().Advance(60).Settle();
        world.Succeed("train").Succeed("evaluate").Succeed("publish");

        Assert.Equal(
            [
                "AttemptBegun",
                "StageBegun",
                "StageBegun",
                "Training",
                "Restarting",
                "AttemptBegun",
                "StageBegun",
                "StageBegun",
                "Succeeded",
            ],
            world.Events.Select(e => e.Reason)
        );
    }

    [Fact]
    public void Numbers_alone_are_no_event()
    {
        var world = new World().ToTraining().Report(1).Settle();
        var before = world.Events.Count();

        world.Report(2).Advance(10).Settle();

        Assert.Equal(before, world.Events.Count());
        Assert.Equal(2, world.Status.Progress!.Step);
    }

    [Fact]
    public void A_refused_spec_is_a_warning_with_its_mistakes()
    {
        var world = new World("store.uri=").Settle();

        var refused = Assert.Single(world.Events);
        Assert.Equal((true, "InvalidSpec"), (refused.Warning, refused.Reason));
        Assert.Contains("spec.store.uri", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stands_behind_every_effect()
    {
        var world = new World().Settle().End("corpus", 1);

        var plan = world.Step();

        Assert.Equal(["SetStatus", "RecordEvent"], plan.Actions.Select(a => a.GetType().Name));
        Assert.Equal(RunPhase.Restarting, plan.Actions.OfType<SetStatus>().Single().Status.Phase);
    }
}
