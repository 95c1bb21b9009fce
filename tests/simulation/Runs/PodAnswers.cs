using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Progress;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>
/// What pods answer to an operator: late, not at all, or from another pod that has the address by now.
/// </summary>
/// <param name="kubelets">The pods.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="process">The operator's process.</param>
/// <param name="asked">Called when a question has come to a process, with the request that it carries.</param>
internal sealed class PodAnswers(
    Kubelets kubelets,
    FaultPlan faults,
    SimulatedProcess process,
    Action<PodProcess, CheckpointRequest?> asked
) : IProgressSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<RunProgress?> ReadAsync(
        PodObservation pod,
        CheckpointRequest? request,
        CancellationToken cancellationToken
    )
    {
        await Task.Delay(faults.Latency(), process.Time, cancellationToken);
        var listener = (faults.StrayProgress && faults.Chance(3) ? Another() : kubelets.At(pod.Address))?.Process;
        if (request is not null)
        {
            listener?.Ask(pod.RunUid, request);
        }

        if (listener is not null)
        {
            asked(listener, request);
        }

        var answer = listener?.Progress();
        await Task.Delay(answer is null ? Limit : faults.Latency(), process.Time, cancellationToken);
        return answer;
    }

    private PodLife? Another()
    {
        var running = kubelets.Pods.Where(p => p.IsReachable).ToList();
        return running.Count == 0 ? null : running[faults.Pick(running.Count)];
    }
}
