using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Accept;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

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

        var culprit = Culprit.Find(failures) ?? (vanished.Count == 0 ? Culprit.Leaving(observed) : null);
        if (culprit is null && vanished.Count == 0)
        {
            // "Peer lost" came first; the peer's own end says more, and is often seen a moment later.
            // A node's clock may be far ahead of ours, and is not waited for.
            var wait = failures[0].FinishedAt + Culprit.Settle - observed.Now;
            if (
                wait > TimeSpan.Zero
                && wait <= Culprit.Settle + Culprit.MaxSkew
                && observed.StagePods().Any(p => p.IsLiving)
            )
            {
                return PlanBuilder.Wait("wait for the peer that was lost", wait);
            }

            culprit = failures[0];
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
        return AttemptFailure.End(observed, status, failure, action, culprit);
    }
}
