using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Finish;

/// <summary>
/// A run that is over stays over: of its pods only those that failed in the last attempt are kept, for their logs, and
/// after <c>spec.ttlAfterFinished</c> the run itself is deleted.
/// </summary>
/// <param name="options">Whether there is an API server to delete a run from.</param>
public sealed class FinishedPolicy(PlannerOptions options) : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        if (!status.IsTerminal())
        {
            return null;
        }

        var rest = observed.OwnPods().Where(p => p.Phase != PodPhase.Failed || p.Attempt < status.Attempt).ToList();
        var reason = $"the run is over: {status.Phase}";
        var actions = Drain.Of(rest, Drain.BrokenGangGrace).ToList();
        if (actions.Count > 0)
        {
            return PlanBuilder.DoFenced(reason, status, actions);
        }

        return rest.Count > 0 ? PlanBuilder.Wait("the run is over; wait for its pods to go")
            : IsPromoting(observed) ? PlanBuilder.Wait("the run is over; a promotion is under way")
            : Expire(observed, reason);
    }

    private static bool IsPromoting(Observed observed) =>
        observed.Status.Promotion?.Result == ConditionReasons.PromotionStarted
        || observed.TaskPods(TaskNames.Promote).Any(p => p.IsLiving);

    private Plan Expire(Observed observed, string reason)
    {
        var over = new Plan { Reason = reason, Finished = true };
        var ttl = observed.Run.Spec.TtlAfterFinished;
        if (!options.HasApiServer || !observed.IsAccepted() || observed.Status.FinishedAt + ttl is not { } due)
        {
            return over;
        }

        return due > observed.Now
            ? over with
            {
                Requeue = due - observed.Now,
            }
            : PlanBuilder.DoFenced("the run is over, and its time to live too", observed.Status, new DeleteRun());
    }
}
