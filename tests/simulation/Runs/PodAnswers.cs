using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Progress;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Kubelet;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>
/// What pods answer to an operator: late, not at all, or from another pod that has the address by now.
/// </summary>
internal sealed class PodAnswers(Kubelets kubelets, FaultPlan faults, SimulatedProcess process) : IProgressSource
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task<RunProgress?> ReadAsync(
        PodObservation pod,
        string requestNonce,
        CancellationToken cancellationToken
    )
    {
        await Task.Delay(faults.Latency(), process.Time, cancellationToken);
        var asked = faults.StrayProgress && faults.Chance(3) ? Another() : kubelets.At(pod.Address);
        var answer = asked?.Process?.Progress();
        await Task.Delay(answer is null ? Limit : faults.Latency(), process.Time, cancellationToken);
        return answer;
    }

    private PodLife? Another()
    {
        var running = kubelets.Pods.Where(p => p.IsReachable).ToList();
        return running.Count == 0 ? null : running[faults.Pick(running.Count)];
    }
}
