namespace CodeParrot.Operator.Core.Tests.Disruption;

public sealed class DisruptionBudgetPolicyTests
{
    private const string Block = "disruption=BlockUntilCheckpoint";

    [Fact]
    public void Evictions_wait_for_the_attempt_s_first_checkpoint()
    {
        var world = new World(Block).Settle();
        var preparing = world.Around.BlocksEvictions;
        world.Succeed("corpus").Succeed("tokenizer");
        var training = world.Around.BlocksEvictions;

        world.Report(10, Runs.Checkpoint(10)).Settle();

        Assert.Equal((false, true, false), (preparing, training, world.Around.BlocksEvictions));
    }

    [Fact]
    public void No_drain_waits_longer_than_an_hour()
    {
        var world = new World(Block, "failurePolicy.startupDeadline=10h").ToTraining();
        var requeue = world.History[^1].Requeue;

        world.Advance(3600).Settle();

        Assert.Equal(TimeSpan.FromHours(1), requeue);
        Assert.False(world.Around.BlocksEvictions);
    }

    [Fact]
    public void An_attempt_that_ends_holds_nothing_back()
    {
        var failed = new World(Block).ToTraining().End("train", 1).Settle();
        var suspended = new World(Block).ToTraining().Edit(s => s with { Suspend = true });
        suspended.Step();
        suspended.Step();

        Assert.False(failed.Around.BlocksEvictions);
        Assert.False(suspended.Around.BlocksEvictions);
    }

    [Fact]
    public void Nothing_is_held_back_unless_asked_for()
    {
        Assert.DoesNotContain(
            new World().ToTraining().History.SelectMany(p => p.Actions),
            a => a is Core.Planning.SetDisruptionBudget
        );
    }
}
