using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Tests.Cluster;

/// <summary>A world behind the cluster port: its pods end well whenever the loop waits.</summary>
internal sealed class WorldCluster(World world) : ICluster, IChangeSource
{
    public World World { get; } = world;

    public int Conflicts { get; set; }

    public int Created { get; private set; }

    public bool Gone { get; init; }

    public Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken) =>
        Task.FromResult(Gone ? null : World.Observe());

    public Task ApplyAsync(Observed observed, PlanAction action, CancellationToken cancellationToken)
    {
        if (action is SetStatus && Conflicts > 0)
        {
            Conflicts--;
            throw new ClusterConflictException("someone was faster");
        }

        Created += action is CreatePod ? 1 : 0;
        return World.Carry(action, observed) ? Task.CompletedTask : throw new ClusterConflictException("refused");
    }

    public Task WaitForChangeAsync(RunKey run, long version, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Assert.True(atMost > TimeSpan.Zero);
        World.End("-", 0).Advance(atMost.TotalSeconds);
        return Task.CompletedTask;
    }
}
