using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Gangs;

public sealed class ReleaseGangPolicyTests
{
    private const string Volcano = "scheduling.gang=Volcano";

    [Fact]
    public void The_gang_is_there_before_its_ranks_and_for_no_other_stage()
    {
        var world = new World(Volcano).Settle().Succeed("corpus");
        var before = world.Around.Gangs.Count;

        world.Succeed("tokenizer");
        var kinds = world.History.SelectMany(p => p.Actions).Select(a => a.GetType()).ToList();

        Assert.Equal(0, before);
        Assert.Equal([1], world.Around.Gangs);
        Assert.True(kinds.IndexOf(typeof(EnsureGang)) < kinds.LastIndexOf(typeof(CreatePod)), "ranks came first");
    }

    [Fact]
    public void The_gang_is_released_when_training_is_done()
    {
        var world = new World(Volcano).ToTraining().Succeed("train");

        Assert.Empty(world.Around.Gangs);
        Assert.Equal("evaluate", world.Status.Stage);
    }

    [Fact]
    public void The_gang_is_released_before_the_next_attempt_also_after_a_crash()
    {
        var world = new World(Volcano).ToTraining().End("train", 1);
        world.Step();
        // The effect is carried out, and its mark is not written.
        world.Step(actions: 1);

        world.Settle();
        var between = world.Around.Gangs.Count;
        world.Advance(60).Settle();

        Assert.Equal(0, between);
        Assert.Equal([2], world.Around.Gangs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_gang_is_released_while_a_stop_waits_for_pods_that_its_scheduler_holds(bool suspends)
    {
        var world = new World(Volcano, "retainArtifacts=false").ToTraining();
        world = suspends ? world.Edit(s => s with { Suspend = true }) : world.Delete();
        world.Step();
        var before = world.Around.Gangs.Count;

        // The pods are told to go, and nothing lets go of them.
        world.Settle();

        Assert.Equal(1, before);
        Assert.All(world.Living, p => Assert.True(p.Deleting));
        Assert.Empty(world.Around.Gangs);
    }

    [Fact]
    public void An_edit_of_the_scheduler_does_not_reach_a_living_gang()
    {
        var world = new World(Volcano).ToTraining();

        world.Edit(s => s with { Scheduling = new() }).Settle().End("train", 75).Settle();

        Assert.Empty(world.Around.Gangs);
    }
}
