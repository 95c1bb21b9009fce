using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>
/// Makes the pods of the current stage by their names, and those that take the place of lost ones, and latches that all
/// of them are there.
/// </summary>
public sealed class CreatePolicy : IPolicy
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        if (status.LivingAttempt() is null)
        {
            return null;
        }

        if ((!status.Gang.Created || status.Gang.Replacing.Count > 0) && Missing(observed) is { } create)
        {
            return create;
        }

        return PlanBuilder.Write(observed, GangState.Of(observed), $"the pods of stage {status.Stage} as they are");
    }

    private static Plan? Missing(Observed observed)
    {
        var status = observed.Status;
        var taken = observed.Pods.ToLookup(p => p.Name);
        var missing = Enumerable
            .Range(0, GangSize.CountOf(status))
            .Select(i => PodBuilder.Build(observed.Run, i))
            .Where(p => !taken.Contains(p.Name))
            .ToList();
        if (missing.Count == 0)
        {
            return observed.StagePods().Count() < GangSize.CountOf(status)
                ? PlanBuilder.Wait("a lost pod, or one of another run, has the name of one of ours", Recheck)
                : null;
        }

        if (status.Gang.ReplaceAt > observed.Now)
        {
            // Meanwhile the others are looked after.
            return null;
        }

        // A gang that is half made is completed: its ranks wait for each other.
        if (!observed.IsAccepted() && !observed.StagePods().Any())
        {
            return PlanBuilder.Wait("the spec has mistakes: no stage is begun with it");
        }

        var gangs = status.Stage == StageNames.Train && status.Gang.Scheduler != GangScheduler.None;
        var intent = status with
        {
            // Of a gang whose lost pods are replaced, the others run.
            Workers = status.Gang.Created ? status.Workers : new WorkersStatus(missing[0].WorldSize, 0, 0),
            Gang = status.Gang with { Held = status.Gang.Held || gangs },
        };
        return PlanBuilder.DoFenced(
            $"create the pods of stage {status.Stage}",
            intent,
            [
                .. missing[0].RendezvousKey is { Length: > 0 } key ? [new EnsureRendezvousKey(key)] : Nothing,
                .. gangs ? [new EnsureGang()] : Nothing,
                .. missing.Select(p => new CreatePod(p)),
            ]
        );
    }

    private static IEnumerable<PlanAction> Nothing => [];
}
