using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>What is done about a failure: the spec's rules first, then what codes and reasons promise.</summary>
public static class FailureRules
{
    private const string DisruptionTarget = "DisruptionTarget";

    /// <summary>The kubelet's own doing when a pod uses too much: it would be so again, and counts.</summary>
    private static readonly string[] Counted = ["Evicted", "OOMKilled"];

    /// <summary>Ends that a cluster gives to pods that did nothing wrong.</summary>
    private static readonly string[] Free = ["Preempted", "NodeShutdown", "Shutdown", "Terminated", "NodeLost"];

    /// <summary>The action for a failure.</summary>
    /// <param name="rules">The spec's rules; the first that matches decides.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="pod">The culprit; null where no pod ended: one vanished, or none made a step.</param>
    public static FailureAction Decide(
        IReadOnlyList<FailureRuleSpec> rules,
        FailureStatus failure,
        PodObservation? pod
    ) => rules.FirstOrDefault(r => Matches(r, failure, pod))?.Action ?? BuiltIn(failure, pod);

    private static bool Matches(FailureRuleSpec rule, FailureStatus failure, PodObservation? pod) =>
        (failure.ExitCode is { } code && rule.OnExitCodes.Contains(code))
        || (rule.OnPodCondition.Length > 0 && pod is not null && pod.Conditions.Contains(rule.OnPodCondition))
        || (rule.OnReason.Length > 0 && rule.OnReason == failure.Reason)
        || (rule.OnMessage.Length > 0 && failure.Message.Contains(rule.OnMessage, StringComparison.Ordinal));

    private static FailureAction BuiltIn(FailureStatus failure, PodObservation? pod) =>
        (ExitCode?)failure.ExitCode switch
        {
            // The run's own guard asks for it, and says how far.
            ExitCode.Diverged when pod?.Message?.Class == TerminationMessage.LossSpike => FailureAction.Rollback,
            // The trainer itself said why, and the same input gives the same end: a restart would only hide it.
            ExitCode.UserMistake or ExitCode.CorruptData or ExitCode.Diverged or ExitCode.OutOfGpuMemory =>
                FailureAction.Fail,
            ExitCode.GpuFault => FailureAction.RestartExcludingNode,
            _ when pod is null => failure.Reason == ConditionReasons.PodVanished
                ? FailureAction.RestartFree
                : FailureAction.Restart,
            _ when Counted.Contains(pod.Reason) => FailureAction.Restart,
            ExitCode.Stopped => FailureAction.RestartFree,
            _ => IsDisruption(pod) ? FailureAction.RestartFree : FailureAction.Restart,
        };

    // Whoever deletes a pod knows that it ends: a drain, an eviction, an impatient person.
    private static bool IsDisruption(PodObservation pod) =>
        pod.Deleting
        || pod.Phase == PodPhase.Unknown
        || pod.Disruption.Length > 0
        || pod.Conditions.Contains(DisruptionTarget)
        || Free.Contains(pod.Reason);
}
