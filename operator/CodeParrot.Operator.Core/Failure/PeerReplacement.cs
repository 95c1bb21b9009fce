using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Stall;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>
/// Replaces the lost pods of an attempt that lives on in the others: they keep weights and optimiser in memory, and
/// wait. The intent is written first; then the old pods go, and others of their names and a higher generation are made.
/// </summary>
internal static class PeerReplacement
{
    /// <summary>The plan that replaces what is lost; null where the attempt cannot go on, or may not.</summary>
    /// <param name="observed">What is seen.</param>
    /// <param name="status">The status with what is harvested of it.</param>
    /// <param name="failure">What happened.</param>
    /// <param name="action">What is done about it.</param>
    public static Plan? Of(Observed observed, RunStatus status, FailureStatus failure, FailureAction action)
    {
        if (action is FailureAction.Fail or FailureAction.Rollback || !HasSurvivors(observed))
        {
            return null;
        }

        var policy = LivePolicy.Of(observed);
        status = AttemptFailure.Spend(status, failure, action);
        if (RestartBudget.Exhausted(status.Budget, policy) is not null)
        {
            return null;
        }

        var generation = status.Gang.Generation + 1;
        var lost = Culprit
            .Failures(observed)
            .Select(p => p.PodIndex)
            .Concat(Culprit.Vanished(observed))
            .Distinct()
            .ToList();
        status = status with
        {
            Phase = RunPhase.Restarting,
            Restarts = status.Restarts + 1,
            LastFailure = failure,
            Progress = status.Progress is { } progress ? progress with { Eta = null, TokensPerSecond = null } : null,
            Gang = StepClock.Read(observed) with
            {
                Generation = generation,
                Replacing =
                [
                    .. GangState
                        .Awaited(observed)
                        .Concat(lost.Select(i => new ReplacementStatus(i, generation)))
                        .OrderBy(r => r.PodIndex),
                ],
                ReplaceAt = observed.Now + RestartBudget.Wait(status.Budget, policy.Backoff),
                ScheduledAt = null,
                LastStepAt = null,
            },
        };
        return PlanBuilder.Do(
            $"{failure.Pod}: {failure.Reason}; {lost.Count} pods are replaced",
            new SetStatus(status)
        );
    }

    /// <summary>
    /// True where pods of the attempt live that were started to outlive others, and can: none of them is done, and
    /// either none gave up, or enough are left without it.
    /// </summary>
    public static bool HasSurvivors(Observed observed)
    {
        var status = observed.Status;
        var pods = observed.StagePods().ToList();
        return status.LivingAttempt() is not null
            && status.Stage == StageNames.Train
            && status.Gang.Recovery == RecoveryMode.Peers
            && LivePolicy.Of(observed).Recovery == RecoveryMode.Peers
            && !pods.Exists(p => p.Phase == PodPhase.Succeeded)
            && CanWait(status, pods);
    }

    // One that gave up speaks for all who wait, unless enough are left to go on without it: it came late, and in vain.
    private static bool CanWait(RunStatus status, List<PodObservation> pods)
    {
        var running = pods.FindAll(p => p is { Phase: PodPhase.Running, Deleting: false });
        return pods.Exists(p => p.ExitCode == (int)ExitCode.PeerLost)
            ? GangSize.IsElastic(status) && GangSize.IsEnough(status, running)
            : running.Count > 0;
    }

    /// <summary>
    /// The plan for a pod that was lost while the others finished, or stopped on request: nobody waits for its
    /// replacement. The next attempt goes on from the last checkpoint, and costs nothing more. Null where that is not
    /// so. A pod that is drained takes its gang down with it, and is often gone before the others are seen to stop.
    /// </summary>
    public static Plan? EndVain(Observed observed)
    {
        var status = observed.Status;
        // One that never ran has nothing to say.
        var others = observed.StagePods().Where(p => p.Phase != PodPhase.Pending).ToList();
        if (
            GangState.Awaited(observed).Count == 0
            || status.LastFailure is not { } failure
            || others.Count == 0
            || !(
                others.Exists(p => p.Phase == PodPhase.Succeeded)
                || others.TrueForAll(p => p.ExitCode == (int)ExitCode.Stopped)
            )
        )
        {
            return null;
        }

        status = CheckpointList.Harvest(observed).WithEndedAttempt(observed, failure.Reason, failure.ExitCode) with
        {
            Phase = RunPhase.Restarting,
            NextAttemptAt = observed.Now + RestartBudget.Wait(status.Budget, LivePolicy.Of(observed).Backoff),
        };
        return PlanBuilder.Do($"{failure.Pod} was lost as the others ended", new SetStatus(status));
    }
}
