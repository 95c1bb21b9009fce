using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>Where runs and their pods live: a Kubernetes cluster, one machine, or a simulation.</summary>
public interface ICluster
{
    /// <summary>What is so now, or null if there is no such run.</summary>
    Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>Keeps a snapshot under its hash; does nothing when it is there.</summary>
    Task EnsureSnapshotAsync(RunKey run, EnsureSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Creates a pod.</summary>
    /// <exception cref="ClusterConflictException">A pod of this name exists.</exception>
    Task CreatePodAsync(RunKey run, PodSpec pod, CancellationToken cancellationToken);

    /// <summary>Asks a living pod to stop within a grace, or removes one that ended.</summary>
    /// <exception cref="ClusterConflictException">There is no pod of this name and UID.</exception>
    Task DeletePodAsync(RunKey run, DeletePod deletion, CancellationToken cancellationToken);

    /// <summary>Writes a run's status.</summary>
    /// <exception cref="ClusterConflictException">The run is not at this resource version any more.</exception>
    Task WriteStatusAsync(RunKey run, RunStatus status, string resourceVersion, CancellationToken cancellationToken);

    /// <summary>Returns when something may have changed since <paramref name="version"/>, or after a time.</summary>
    Task WaitForChangeAsync(RunKey run, long version, TimeSpan atMost, CancellationToken cancellationToken);
}
