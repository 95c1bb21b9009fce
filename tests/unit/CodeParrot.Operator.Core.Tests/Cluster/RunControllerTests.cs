using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Cluster;

public sealed class RunControllerTests
{
    private static readonly RunKey Key = new("default", "small");

    [Fact]
    public async Task Drives_a_run_to_its_end()
    {
        var cluster = new WorldCluster(new World());

        var last = await new RunController(cluster, cluster, new Planner()).RunAsync(Key, (_, _) => true, default);

        Assert.Equal(RunPhase.Succeeded, last!.Status.Phase);
        Assert.Equal(6, cluster.Created);
    }

    [Fact]
    public async Task Observes_again_after_a_conflict()
    {
        var cluster = new WorldCluster(new World()) { Conflicts = 7 };

        var last = await new RunController(cluster, cluster, new Planner()).RunAsync(Key, (_, _) => true, default);

        Assert.Equal(RunPhase.Succeeded, last!.Status.Phase);
        Assert.Equal((0, 6), (cluster.Conflicts, cluster.Created));
    }

    [Fact]
    public async Task Stops_before_it_acts_when_the_caller_has_seen_enough()
    {
        var cluster = new WorldCluster(new World());

        await new RunController(cluster, cluster, new Planner()).RunAsync(Key, (_, p) => p.Actions.Count == 0, default);

        Assert.Equal(0, cluster.World.Status.Attempt);
        Assert.Empty(cluster.World.Status.Conditions);
    }

    [Fact]
    public async Task Ends_when_the_run_is_gone()
    {
        var cluster = new WorldCluster(new World()) { Gone = true };

        Assert.Null(await new RunController(cluster, cluster, new Planner()).RunAsync(Key, (_, _) => true, default));
    }
}
