using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Attempts;

public sealed class BeginPolicyTests
{
    [Fact]
    public void The_key_s_name_stands_in_the_status_before_the_key_is_made()
    {
        var world = new World().Settle().Succeed("corpus");
        world.End("-tokenizer-", 0).Step();

        var name = world.Status.Gang.RendezvousKey;
        var before = world.Around.Keys.Count;
        world.Settle();

        Assert.Matches("^small-uid-1-a1-n[0-9]+$", name);
        Assert.Equal(0, before);
        Assert.Equal([name], world.Around.Keys);
        Assert.All(world.Living, p => Assert.Equal(name, world.Around.SpecOf(p.Name).RendezvousKey));
    }

    [Fact]
    public void Each_attempt_has_a_key_of_its_own()
    {
        var world = new World().ToTraining().End("train", 1).Settle().Advance(60).Settle();

        Assert.Equal(2, world.Around.Keys.Count);
    }

    [Fact]
    public void Only_ranks_get_the_key()
    {
        var world = new World().Settle();

        Assert.Equal("", world.Around.SpecOf(Assert.Single(world.Living).Name).RendezvousKey);
        Assert.Empty(world.Around.Keys);
    }

    [Fact]
    public void The_network_is_there_before_the_first_pod()
    {
        var world = new World().Settle();
        var actions = world.History.SelectMany(p => p.Actions).ToList();

        Assert.True(
            actions.FindIndex(a => a is EnsureNetwork) < actions.FindIndex(a => a is CreatePod),
            "a pod came before its network"
        );
    }

    [Fact]
    public void Time_under_suspend_is_not_the_run_s()
    {
        var world = new World().Settle().Advance(100);
        world.Edit(s => s with { Suspend = true }).Settle().End("corpus", 75).Settle().Advance(5000);

        world.Edit(s => s with { Suspend = false }).Settle();

        Assert.Equal(Runs.Start.AddSeconds(5000), world.Status.StartedAt);
        Assert.Null(world.Status.SuspendedAt);
    }
}
