using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Finish;

public sealed class FinishedPolicyTests
{
    [Fact]
    public void Keeps_the_failed_pods_of_the_last_attempt_for_their_logs()
    {
        var world = new World().ToTraining().End("a1-0", 2).Settle().End("a1-1", 137).Settle();

        Assert.Equal(RunPhase.Failed, world.Status.Phase);
        Assert.Equal("small-train-a1-0", Assert.Single(world.Pods).Name);
        Assert.All(world.Pods, p => Assert.Equal(PodPhase.Failed, p.Phase));
    }

    [Fact]
    public void Columns_of_a_finished_run_say_nothing_of_ranks()
    {
        var world = new World().ToTraining().Report(5).Settle().Succeed("train").Succeed("evaluate").Succeed("publish");

        Assert.Null(world.Status.Workers);
        Assert.Null(world.Status.Progress!.Eta);
        Assert.Empty(world.Pods);
    }

    [Fact]
    public void Deletes_the_run_when_its_time_to_live_is_over()
    {
        var world = Succeeded("ttlAfterFinished=1h");
        var plan = world.History[^1];

        world.Advance(3599).Settle();
        var early = world.Gone;
        world.Advance(1).Settle();

        Assert.Equal((true, TimeSpan.FromHours(1)), (plan.Finished, plan.Requeue));
        Assert.Equal((false, true), (early, world.Gone));
    }

    [Fact]
    public void A_deletion_by_time_goes_through_the_finalizer()
    {
        var world = Succeeded("ttlAfterFinished=1h", "retainArtifacts=false");

        world.Advance(3600).Settle().End("cleanup", 0).Settle();

        Assert.True(world.Gone);
        Assert.False(world.Around.HasArtifacts);
    }

    [Fact]
    public void A_run_is_kept_without_a_time_to_live_and_on_one_machine()
    {
        var machine = new Planner(new PlannerOptions { HasApiServer = false });
        var local = Succeeded("ttlAfterFinished=1h").Advance(7200);

        Assert.False(Succeeded().Advance(1e6).Settle().Gone);
        Assert.True(machine.Plan(local.Observe()).Finished);
    }

    private static World Succeeded(params string[] overrides) =>
        new World(overrides).ToTraining().Succeed("train").Succeed("evaluate").Succeed("publish");
}
