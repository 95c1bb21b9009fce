using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Deletion;

/// <summary>
/// A run that is being deleted begins nothing: its pods are stopped, and where the finalizer holds it, its objects are
/// deleted from the store first. What it owns in the cluster goes with it.
/// </summary>
public sealed class DeletionPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (observed.Run.Metadata.DeletionTimestamp is null)
        {
            return null;
        }

        var held = observed.Run.Metadata.Finalizers.Contains(FinalizerNames.Artifacts);
        var living = observed.All().Where(p => p.IsLiving && p.Stage != TaskNames.Cleanup).ToList();
        if (living.Count > 0)
        {
            // What is to be deleted needs no last checkpoint.
            var grace = held ? Drain.BrokenGangGrace : observed.Run.Spec.Workers.TerminationGracePeriod;
            var actions = Drain.Of(living, grace).ToList();
            return actions.Count > 0
                ? PlanBuilder.DoFenced("the run is being deleted: stop its pods", observed.Status, actions)
                : PlanBuilder.Wait("the run is being deleted; wait for its pods to stop");
        }

        return held ? Cleanup.Decide(observed) : PlanBuilder.Wait("the run is being deleted");
    }
}
