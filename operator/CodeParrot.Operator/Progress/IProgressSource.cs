using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Progress;

/// <summary>Asks pods how far they are.</summary>
public interface IProgressSource
{
    /// <summary>What a pod answers, or null where it does not answer in time.</summary>
    Task<RunProgress?> ReadAsync(PodObservation pod, CancellationToken cancellationToken);
}
