using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Failure;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Rollback;

/// <summary>
/// Takes a rollback back whose target went in the moment in which it was acted on: retention works in the trainer, and
/// is heard of some seconds later. The run goes on from the newest checkpoint there is, as if the rollback had been
/// refused, and says which ones can be gone back to.
/// </summary>
public sealed class LostTargetPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (
            observed.Status.StartFrom?.Checkpoint is not { Length: > 0 } target
            || observed.Status.IsTerminal()
            || !(IsHeardOf(observed, target) || IsMissed(observed, target))
        )
        {
            return null;
        }

        var status = CheckpointList.Without(observed, CheckpointList.Harvest(observed), target);
        // Without any checkpoint there is nothing but the first step to go on from, and a person is to say so.
        if (CheckpointList.Newest(status) is not { } newest)
        {
            return null;
        }

        var message =
            $"{target} was deleted as the rollback began; the run goes on from {CheckpointList.Key(newest)} as before. "
            + $"Set spec.rollback anew, with another nonce: {CheckpointList.Steps(status)}";
        var isOfUser =
            status.Rollback is { Result: ConditionReasons.RollbackStarted } rollback
            && status.Branch == StorePaths.BranchName(rollback.Attempt);
        var isBegun = status.LivingAttempt() is not null;
        status = status.WithEndedAttempt(observed, ConditionReasons.CheckpointMissing, (int)ExitCode.UserMistake) with
        {
            Phase = status.Phase == RunPhase.Suspended ? status.Phase : RunPhase.Restarting,
            Branch = newest.Branch,
            StartFrom = new StartPoint(CheckpointList.Key(newest), SkipSteps: 0),
            NextAttemptAt = isBegun
                ? observed.Now + RestartBudget.Wait(status.Budget, LivePolicy.Of(observed).Backoff)
                : null,
            Rollback = isOfUser
                ? new RollbackStatus(status.Rollback!.Value, ConditionReasons.CheckpointMissing, Attempt: 0)
                : status.Rollback,
        };
        return PlanBuilder.Do(
            $"{target} is not there any more: the rollback to it is taken back",
            new SetStatus(
                status.WithCondition(
                    observed,
                    ConditionTypes.RolledBack,
                    holds: false,
                    ConditionReasons.CheckpointMissing,
                    message
                )
            )
        );
    }

    // The attempt before the rollback said so as it ended.
    private static bool IsHeardOf(Observed observed, string target) =>
        observed.Status.LivingAttempt() is null
        && observed.Status.Checkpoints.All(c => c.Branch != observed.Status.Branch)
        && StoreWord.Heard(observed).Any(w => w.Misses(target));

    // The attempt after it found nothing to go on from.
    private static bool IsMissed(Observed observed, string target) =>
        observed
            .StagePods()
            .Any(p =>
                p is { Stage: StageNames.Train, Message: { Class: TerminationMessage.CheckpointMissing } said }
                && said.Checkpoint == target
            );
}
