using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Rollback;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>Ends an attempt for a failure: another follows after a wait, or the run fails.</summary>
internal static class AttemptFailure
{
    /// <summary>Nodes that the next attempts avoid at most; the oldest is forgiven first.</summary>
    public const int MaxExcludedNodes = 32;

    /// <summary>The plan that ends the attempt.</summary>
    /// <param name="observed">What is seen.</param>
    /// <param name="status">The status with what is harvested of it.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="action">What is done about it.</param>
    /// <param name="culprit">The pod that failed first; null where none did.</param>
    public static Plan End(
        Observed observed,
        RunStatus status,
        FailureStatus failure,
        FailureAction action,
        PodObservation? culprit = null
    )
    {
        var target = action == FailureAction.Rollback ? Target(status, culprit?.Message) : null;
        status = (status with { LastFailure = failure }).WithEndedAttempt(observed, failure.Reason, failure.ExitCode);
        if (action == FailureAction.Fail || (action == FailureAction.Rollback && target is null))
        {
            return Fail(observed, status, ConditionReasons.PermanentFailure, failure);
        }

        var policy = LivePolicy.Of(observed);
        status = Spend(status, failure, action);
        if (RestartBudget.Exhausted(status.Budget, policy) is { } exhausted)
        {
            return Fail(observed, status, exhausted, failure);
        }

        status = status with
        {
            Phase = RunPhase.Restarting,
            Restarts = status.Restarts + 1,
            NextAttemptAt = observed.Now + RestartBudget.Wait(status.Budget, policy.Backoff),
        };
        if (target is not null)
        {
            status = RollbackPolicy.GoBack(status, target.Checkpoint, target.SkipSteps);
        }

        return PlanBuilder.Do($"{failure.Pod}: {failure.Reason}; restart", new SetStatus(status));
    }

    /// <summary>
    /// The plan for a store that another run owns: the run waits, refused, until a person allows it to take over.
    /// </summary>
    public static Plan Refuse(Observed observed, RunStatus status, FailureStatus failure)
    {
        var message =
            $"{failure.Message}; set the annotation {AnnotationNames.AdoptStore}: \"true\" to take it over, or "
            + "make a run of another name or store";
        status = (status with { LastFailure = failure, Phase = RunPhase.Pending, NextAttemptAt = null })
            .WithEndedAttempt(observed, ConditionReasons.StoreInUse, failure.ExitCode)
            .WithCondition(observed, ConditionTypes.Accepted, holds: false, ConditionReasons.StoreInUse, message);
        return PlanBuilder.Do("another run owns this part of the store", new SetStatus(status));
    }

    /// <summary>The status with one more restart spent, and the culprit's node avoided if that is asked for.</summary>
    public static RunStatus Spend(RunStatus status, FailureStatus failure, FailureAction action)
    {
        var avoids = action == FailureAction.RestartExcludingNode && failure.Node.Length > 0;
        var others = status.ExcludedNodes.Where(n => n != failure.Node);
        return status with
        {
            Budget = RestartBudget.Spend(status, free: action == FailureAction.RestartFree),
            ExcludedNodes = avoids ? [.. others.Append(failure.Node).TakeLast(MaxExcludedNodes)] : status.ExcludedNodes,
        };
    }

    // A trainer that asks to go back says where to, and what to leave out; a rule of the spec does not.
    private static StartPoint? Target(RunStatus status, TerminationMessage? said) =>
        said is { Class: TerminationMessage.LossSpike, Checkpoint.Length: > 0 }
            ? new StartPoint(said.Checkpoint, said.SkipSteps)
        : CheckpointList.BeforeNewest(status) is { } before ? new StartPoint(CheckpointList.Key(before), 0)
        : null;

    private static Plan Fail(Observed observed, RunStatus status, string reason, FailureStatus failure) =>
        PlanBuilder.Do(
            $"{failure.Pod}: {failure.Reason}; the run fails",
            new SetStatus(status.WithTerminal(observed, success: false, reason, failure.Message))
        );
}
