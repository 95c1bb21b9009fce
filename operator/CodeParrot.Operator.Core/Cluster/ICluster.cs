using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>Where runs and their pods live: a Kubernetes cluster, one machine, or a simulation.</summary>
public interface ICluster
{
    /// <summary>What is so now, or null if there is no such run.</summary>
    Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken);

    /// <summary>
    /// Carries one effect out. One that is there already (an object that is to be ensured) is done; one that only a
    /// cluster knows does nothing elsewhere.
    /// </summary>
    /// <param name="observed">What the plan was made for: a status is written at its resource version.</param>
    /// <param name="action">The effect.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ClusterConflictException">
    /// The run is not at this resource version any more, a pod to be made exists, or one to be deleted has another UID.
    /// </exception>
    Task ApplyAsync(Observed observed, PlanAction action, CancellationToken cancellationToken);
}
