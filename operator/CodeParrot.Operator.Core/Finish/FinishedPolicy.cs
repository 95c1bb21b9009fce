using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Finish;

/// <summary>A run that is over stays over: living pods are ended, and nothing is made any more.</summary>
public sealed class FinishedPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (!observed.Status.IsTerminal())
        {
            return null;
        }

        var living = observed.OwnPods().Where(p => p.IsLiving).ToList();
        var reason = $"the run is over: {observed.Status.Phase}";
        if (living.Count == 0)
        {
            return new Plan { Reason = reason, Finished = true };
        }

        var actions = Drain.Of(living, Drain.BrokenGangGrace).ToList();
        return actions.Count > 0
            ? PlanBuilder.DoFenced(reason, observed.Status, actions)
            : PlanBuilder.Wait("the run is over; wait for its pods to go");
    }
}
