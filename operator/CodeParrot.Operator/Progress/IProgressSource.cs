using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Progress;

/// <summary>Asks pods how far they are.</summary>
public interface IProgressSource
{
    /// <summary>What a pod answers, or null where it does not answer in time.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="request">A request for a checkpoint that goes with the question; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<RunProgress?> ReadAsync(PodObservation pod, CheckpointRequest? request, CancellationToken cancellationToken);
}
