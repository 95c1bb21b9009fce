using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Attempts;

/// <summary>
/// Removal before creation: pods of an ended attempt or a finished stage go before anything new is made, and lost pods
/// before others take their names. Two attempts never have living pods at the same time.
/// </summary>
public sealed class StaleAttemptPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var stale = observed.OwnPods().Where(p => !observed.IsCurrent(p)).ToList();
        var living = stale.Where(p => p.IsLiving).ToList();
        // What ended in the current attempt is kept for its logs until the next attempt begins, or another pod is to
        // have its name.
        var old = stale.Where(p => !p.IsLiving && (p.Attempt < observed.Status.Attempt || observed.IsSuperseded(p)));
        List<PlanAction> actions = [.. Drain.Of(living, Grace(observed)), .. Drain.Of(old, TimeSpan.Zero)];
        if (actions.Count > 0)
        {
            return PlanBuilder.DoFenced(
                "remove lost pods, and those of an attempt or a stage that is over",
                observed.Status,
                actions
            );
        }

        return living.Count > 0 ? PlanBuilder.Wait("wait for pods that are not wanted any more to go") : null;
    }

    private static TimeSpan Grace(Observed observed)
    {
        var ended = observed.Status.Attempts.Count > 0 ? observed.Status.Attempts[^1].Reason : "";
        var saves = ended is ConditionReasons.RollbackStarted or ConditionReasons.Suspended;
        return saves ? observed.Run.Spec.Workers.TerminationGracePeriod : Drain.BrokenGangGrace;
    }
}
