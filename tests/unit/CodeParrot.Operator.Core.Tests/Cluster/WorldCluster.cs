using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Cluster;

/// <summary>A world behind the cluster port: its pods end well whenever the loop waits.</summary>
internal sealed class WorldCluster(World world) : ICluster
{
    public World World { get; } = world;

    public int Conflicts { get; set; }

    public int Created { get; private set; }

    public bool Gone { get; init; }

    public Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken) =>
        Task.FromResult(Gone ? null : World.Observe());

    public Task EnsureSnapshotAsync(RunKey run, EnsureSnapshot snapshot, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task CreatePodAsync(RunKey run, PodSpec pod, CancellationToken cancellationToken)
    {
        Created++;
        return Carry(new CreatePod(pod));
    }

    public Task DeletePodAsync(RunKey run, DeletePod deletion, CancellationToken cancellationToken) => Carry(deletion);

    public Task WriteStatusAsync(
        RunKey run,
        RunStatus status,
        string resourceVersion,
        CancellationToken cancellationToken
    )
    {
        if (Conflicts > 0)
        {
            Conflicts--;
            throw new ClusterConflictException("someone was faster");
        }

        Assert.Equal(World.Run.Metadata.ResourceVersion, resourceVersion);
        return Carry(new SetStatus(status));
    }

    public Task WaitForChangeAsync(RunKey run, long version, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Assert.True(atMost > TimeSpan.Zero);
        World.End("-", 0).Advance(atMost.TotalSeconds);
        return Task.CompletedTask;
    }

    private Task Carry(PlanAction action) =>
        World.Carry(action, World.Observe()) ? Task.CompletedTask : throw new ClusterConflictException("refused");
}
