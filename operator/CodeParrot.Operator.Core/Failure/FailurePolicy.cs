using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Accept;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Stages;

namespace CodeParrot.Operator.Core.Failure;

/// <summary>
/// Replaces the pods of an attempt that failed or vanished, where the others can wait for that, or ends it: another
/// follows after a wait, or the run fails.
/// </summary>
public sealed class FailurePolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        // A rank that is lost once all is done takes nothing with it.
        if (StageResult.IsDone(observed) || StageResult.IsEnding(observed))
        {
            return null;
        }

        if (PeerReplacement.EndVain(observed) is { } vain)
        {
            return vain;
        }

        var failures = Culprit.Failures(observed);
        var vanished = Culprit.Vanished(observed);
        if (failures.Count == 0 && vanished.Count == 0)
        {
            return null;
        }

        var culprit = Culprit.Find(failures) ?? (vanished.Count == 0 ? Culprit.Leaving(observed) : null);
        if (culprit is null && vanished.Count == 0)
        {
            // "Peer lost" came first; the peer's own end says more, and is often seen a moment later.
            if (Unsettled(observed, failures[0]) is { } wait)
            {
                return PlanBuilder.Wait("wait for the peer that was lost", wait);
            }

            culprit = failures[0];
        }
        else if (
            culprit?.ExitCode == (int)ExitCode.Stopped
            && PeerReplacement.HasSurvivors(observed)
            && Unsettled(observed, culprit) is { } wait
        )
        {
            // A gang stops as one, and is seen to stop pod by pod.
            return PlanBuilder.Wait("wait for the others to stop", wait);
        }

        var status = CheckpointList.Harvest(observed);
        var failure = culprit is null
            ? FailureReport.OfVanished(observed, vanished[0])
            : FailureReport.Of(observed, culprit);
        if (culprit?.Message?.Class == TerminationMessage.StoreInUse && !AcceptPolicy.MayAdopt(observed))
        {
            return AttemptFailure.Refuse(observed, status, failure);
        }

        var action = FailureRules.Decide(LivePolicy.Of(observed).Rules, failure, culprit);
        return PeerReplacement.Of(observed, status, failure, action)
            ?? AttemptFailure.End(observed, status, failure, action, culprit);
    }

    // How long to wait for what belongs to a failure; null for no longer. A node's clock may be far ahead of ours, and
    // is not waited for.
    private static TimeSpan? Unsettled(Observed observed, PodObservation failed)
    {
        var wait = failed.FinishedAt + Culprit.Settle - observed.Now;
        return
            wait > TimeSpan.Zero
            && wait <= Culprit.Settle + Culprit.MaxSkew
            && observed.StagePods().Any(p => p.IsLiving)
            ? wait
            : null;
    }
}
