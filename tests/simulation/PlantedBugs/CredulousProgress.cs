using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Progress;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Takes every answer for that of the pod that it meant to ask.</summary>
internal sealed class CredulousProgress(IProgressSource inner) : IProgressSource
{
    public async Task<RunProgress?> ReadAsync(
        PodObservation pod,
        CheckpointRequest? request,
        CancellationToken cancellationToken
    ) =>
        await inner.ReadAsync(pod, request, cancellationToken) is { } answer
            ? answer with
            {
                RunUid = pod.RunUid,
                Attempt = pod.Attempt,
                Stage = pod.Stage,
            }
            : null;
}
