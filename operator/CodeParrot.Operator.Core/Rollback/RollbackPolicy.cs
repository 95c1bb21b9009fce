using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Stages;

namespace CodeParrot.Operator.Core.Rollback;

/// <summary>
/// Acts once on each distinct value of <c>spec.rollback</c>: the living attempt ends, and the next one begins a new
/// branch at the checkpoint. The only way out of a terminal phase.
/// </summary>
public sealed class RollbackPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (
            observed.Run.Spec.Rollback is not { } wanted
            || wanted == observed.Status.Rollback?.Value
            || !observed.IsAccepted()
        )
        {
            return null;
        }

        if (observed.Status.Attempt == 0)
        {
            return Refuse(
                observed,
                observed.Status,
                wanted,
                ConditionReasons.RollbackAtCreation,
                "a rollback that was there when the run was created is not acted on; set it again with another nonce"
            );
        }

        var status = CheckpointList.Harvest(observed);
        if (CheckpointList.AtStep(status, wanted.ToStep) is not { } target)
        {
            return Refuse(
                observed,
                status,
                wanted,
                ConditionReasons.CheckpointMissing,
                $"there is no complete checkpoint of step {wanted.ToStep}: none was taken, or spec.checkpoints.keep "
                    + $"did not keep it; {CheckpointList.Steps(status)}"
            );
        }

        return Start(observed, status, wanted, CheckpointList.Key(target));
    }

    /// <summary>The status after going back to a checkpoint: what was made after it is made again.</summary>
    internal static RunStatus GoBack(RunStatus status, string checkpoint, int skipSteps) =>
        status with
        {
            Branch = StorePaths.BranchName(status.Attempt + 1),
            StartFrom = new StartPoint(checkpoint, skipSteps),
            Stages = StageOrder.BeforeTraining(status.Stages),
            Progress = null,
        };

    private static Plan Start(Observed observed, RunStatus status, RollbackSpec wanted, string checkpoint)
    {
        var message = $"goes on from {checkpoint}";
        var started = GoBack(
            status.WithEndedAttempt(observed, ConditionReasons.RollbackStarted),
            checkpoint,
            wanted.SkipSteps
        );
        started = started with
        {
            Phase = RunPhase.Restarting,
            Budget = new BudgetStatus(),
            NextAttemptAt = null,
            FinishedAt = null,
            // A run that is taken out of its end has its time anew.
            StartedAt = status.IsTerminal() ? null : status.StartedAt,
            Rollback = new RollbackStatus(wanted, ConditionReasons.RollbackStarted, status.Attempt + 1),
        };
        foreach (var type in new[] { ConditionTypes.Succeeded, ConditionTypes.Failed })
        {
            if (started.Condition(type) is { Status: RunCondition.True })
            {
                started = started.WithCondition(
                    observed,
                    type,
                    holds: false,
                    ConditionReasons.RollbackStarted,
                    message
                );
            }
        }

        started = started.WithCondition(
            observed,
            ConditionTypes.RolledBack,
            holds: true,
            ConditionReasons.RollbackStarted,
            message
        );
        return PlanBuilder.Do($"roll back to {checkpoint}", new SetStatus(started));
    }

    private static Plan Refuse(Observed observed, RunStatus status, RollbackSpec wanted, string reason, string message)
    {
        var refused = status with { Rollback = new RollbackStatus(wanted, reason, 0) };
        refused = refused.WithCondition(observed, ConditionTypes.RolledBack, holds: false, reason, message);
        return PlanBuilder.Do("refuse the rollback: " + reason, new SetStatus(refused));
    }
}
