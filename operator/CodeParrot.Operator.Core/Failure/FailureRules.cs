using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>What is done about a failure: the spec's rules first, then what the exit codes promise.</summary>
public static class FailureRules
{
    /// <summary>The action for a failure.</summary>
    /// <param name="rules">The spec's rules; the first that matches decides.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="pod">The culprit; null for a pod that vanished.</param>
    public static FailureAction Decide(
        IReadOnlyList<FailureRuleSpec> rules,
        FailureStatus failure,
        PodObservation? pod
    ) => rules.FirstOrDefault(r => Matches(r, failure, pod))?.Action ?? BuiltIn(failure.ExitCode, pod);

    private static bool Matches(FailureRuleSpec rule, FailureStatus failure, PodObservation? pod) =>
        (failure.ExitCode is { } code && rule.OnExitCodes.Contains(code))
        || (rule.OnPodCondition.Length > 0 && pod is not null && pod.Conditions.Contains(rule.OnPodCondition))
        || (rule.OnReason.Length > 0 && rule.OnReason == failure.Reason)
        || (rule.OnMessage.Length > 0 && failure.Message.Contains(rule.OnMessage, StringComparison.Ordinal));

    private static FailureAction BuiltIn(int? exitCode, PodObservation? pod) =>
        // Whoever deletes a pod knows that it ends: a drain, an eviction, an impatient person.
        exitCode is null
        || pod is { Deleting: true }
            ? FailureAction.RestartFree
            : (ExitCode)exitCode switch
            {
                // The same input gives the same end: a restart would only hide it.
                ExitCode.UserMistake or ExitCode.CorruptData or ExitCode.Diverged or ExitCode.OutOfGpuMemory =>
                    FailureAction.Fail,
                ExitCode.Stopped => FailureAction.RestartFree,
                ExitCode.GpuFault => FailureAction.RestartExcludingNode,
                _ => FailureAction.Restart,
            };
}
