using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Stages;

namespace CodeParrot.Operator.Core.Suspend;

/// <summary>Stops the run after a checkpoint while <c>spec.suspend</c> is true.</summary>
public sealed class SuspendPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (!observed.Run.Spec.Suspend)
        {
            return null;
        }

        var living = observed.OwnPods().Where(p => p.IsLiving).ToList();
        if (living.Count > 0)
        {
            var actions = Drain.Of(living, observed.Run.Spec.Workers.TerminationGracePeriod).ToList();
            return actions.Count > 0
                ? PlanBuilder.DoFenced("suspend: stop the pods after a checkpoint", GangState.Closed(observed), actions)
                : PlanBuilder.Wait("suspend: wait for the pods to stop");
        }

        var status = CheckpointList.Harvest(observed);
        if (status.LivingAttempt() is not null && StageResult.IsDone(observed))
        {
            status = StageResult.Latch(observed, status);
        }

        status = status.WithEndedAttempt(observed, ConditionReasons.Suspended) with
        {
            Phase = RunPhase.Suspended,
            SuspendedAt = status.SuspendedAt ?? observed.Now,
        };
        return PlanBuilder.Write(observed, status, "the run is suspended") ?? PlanBuilder.Wait("the run is suspended");
    }
}
