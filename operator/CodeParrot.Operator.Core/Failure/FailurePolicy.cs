using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Rollback;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>
/// Ends the attempt when one of its pods failed or vanished: another follows after a wait, or the run fails.
/// </summary>
public sealed class FailurePolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var failures = Culprit.Failures(observed);
        var vanished = Culprit.Vanished(observed);
        if (failures.Count == 0 && vanished.Count == 0)
        {
            return null;
        }

        var culprit = Culprit.Find(failures);
        if (culprit is null && vanished.Count == 0)
        {
            // "Peer lost" came first; the peer's own end says more, and is often seen a moment later.
            var until = (failures[0].FinishedAt ?? observed.Now) + Culprit.Settle;
            if (until > observed.Now && observed.StagePods().Any(p => p.IsLiving))
            {
                return PlanBuilder.Wait("wait for the peer that was lost", until - observed.Now);
            }

            culprit = failures[0];
        }

        var failure = culprit is null ? Gone(observed, vanished[0]) : Describe(observed, culprit);
        var action = FailureRules.Decide(observed.Run.Spec.FailurePolicy.Rules, failure, culprit);
        return End(observed, failure, action);
    }

    private static Plan End(Observed observed, FailureStatus failure, FailureAction action)
    {
        var status = CheckpointList.Harvest(observed) with { LastFailure = failure };
        var target = action == FailureAction.Rollback ? status.Checkpoints.ElementAtOrDefault(1) : null;
        status = status.WithEndedAttempt(observed, failure.Reason, failure.ExitCode);
        if (action == FailureAction.Fail || (action == FailureAction.Rollback && target is null))
        {
            return Fail(observed, status, ConditionReasons.PermanentFailure, failure);
        }

        var policy = observed.Run.Spec.FailurePolicy;
        var budget = RestartBudget.Spend(status, free: action == FailureAction.RestartFree);
        status = status with { Budget = budget };
        if (RestartBudget.Exhausted(budget, policy) is { } exhausted)
        {
            return Fail(observed, status, exhausted, failure);
        }

        var wait = RestartBudget.Wait(budget, policy.Backoff);
        status = status with
        {
            Phase = RunPhase.Restarting,
            Restarts = status.Restarts + 1,
            NextAttemptAt = observed.Now + wait,
        };
        if (action == FailureAction.RestartExcludingNode && failure.Node.Length > 0)
        {
            status = status with { ExcludedNodes = [.. status.ExcludedNodes.Union([failure.Node])] };
        }

        if (target is not null)
        {
            status = RollbackPolicy.GoBack(status, CheckpointList.Key(target), skipSteps: 0);
        }

        return PlanBuilder.Do($"{failure.Pod}: {failure.Reason}; restart", new SetStatus(status));
    }

    private static Plan Fail(Observed observed, RunStatus status, string reason, FailureStatus failure) =>
        PlanBuilder.Do(
            $"{failure.Pod}: {failure.Reason}; the run fails",
            new SetStatus(status.WithTerminal(observed, success: false, reason, failure.Message))
        );

    private static FailureStatus Describe(Observed observed, PodObservation pod)
    {
        var said = pod.Message;
        var name = pod.ExitCode is { } code && Enum.IsDefined((ExitCode)code) ? $"{(ExitCode)code}" : "";
        var reason =
            pod.Reason.Length > 0 ? pod.Reason
            : said?.Class.Length > 0 ? said.Class
            : name.Length > 0 ? name
            : ConditionReasons.PodFailed;
        var message =
            said?.Message.Length > 0
                ? said.Message
                : $"pod {pod.Name} ended with exit code {pod.ExitCode?.ToString() ?? "unknown"}; its log says more";
        return new FailureStatus(
            said?.Rank ?? pod.PodIndex * Math.Max(1, observed.Status.Gang.RanksPerPod),
            pod.Node,
            reason,
            pod.ExitCode ?? (int)ExitCode.Unexpected,
            message,
            pod.Name,
            pod.FinishedAt ?? observed.Now
        );
    }

    private static FailureStatus Gone(Observed observed, string pod) =>
        new(
            0,
            "",
            ConditionReasons.PodVanished,
            ExitCode: null,
            $"pod {pod} is gone although nobody here deleted it",
            pod,
            observed.Now
        );
}
