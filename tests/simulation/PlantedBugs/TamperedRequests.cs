using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Progress;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Asks pods for progress with other requests for checkpoints than it should.</summary>
internal sealed class TamperedRequests(
    IProgressSource inner,
    Func<PodObservation, CheckpointRequest?, CheckpointRequest?> tamper
) : IProgressSource
{
    /// <summary>Tells no pod of any request.</summary>
    public static TamperedRequests Dropped(IProgressSource inner) => new(inner, (_, _) => null);

    /// <summary>Tells every pod of the first request of its run again and again, as if it were the newest.</summary>
    public static TamperedRequests Repeated(IProgressSource inner)
    {
        var first = new Dictionary<string, CheckpointRequest>();
        return new(
            inner,
            (pod, request) =>
            {
                if (request is null)
                {
                    return first.TryGetValue(pod.RunUid, out var old) ? old with { Generation = long.MaxValue } : null;
                }

                first.TryAdd(pod.RunUid, request);
                return request;
            }
        );
    }

    public Task<RunProgress?> ReadAsync(
        PodObservation pod,
        CheckpointRequest? request,
        CancellationToken cancellationToken
    ) => inner.ReadAsync(pod, tamper(pod, request), cancellationToken);
}
