using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>Makes the pods of the current stage by their names, and latches that all of them are there.</summary>
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

        if (!status.Gang.Created)
        {
            var taken = observed.Pods.ToLookup(p => p.Name);
            var missing = Enumerable
                .Range(0, PodBuilder.CountOf(status))
                .Select(i => PodBuilder.Build(observed.Run, i))
                .Where(p => !taken.Contains(p.Name))
                .ToList();
            if (missing.Count > 0)
            {
                var intent = status with { Workers = new WorkersStatus(missing[0].WorldSize, 0, 0) };
                return PlanBuilder.DoFenced(
                    $"create the pods of stage {status.Stage}",
                    intent,
                    missing.Select(p => new CreatePod(p))
                );
            }

            if (observed.StagePods().Count() < PodBuilder.CountOf(status))
            {
                return PlanBuilder.Wait("a pod of another run has the name of one of ours", Recheck);
            }
        }

        return PlanBuilder.Write(observed, Latch(observed), $"the pods of stage {status.Stage} are there");
    }

    private static RunStatus Latch(Observed observed)
    {
        var pods = observed.StagePods().ToList();
        var status = observed.Status;
        var ranks = pods.Count == 0 ? 0 : PodBuilder.Build(observed.Run, 0).RanksPerPod;
        status = status with
        {
            Gang = status.Gang with { Created = true },
            Workers = new WorkersStatus(
                PodBuilder.CountOf(status) * ranks,
                pods.Count(p => p.Phase == PodPhase.Running) * ranks,
                pods.Count(p => p.Phase == PodPhase.Failed) * ranks
            ),
        };
        return status.WithCondition(
            observed,
            ConditionTypes.Running,
            holds: true,
            ConditionReasons.PodsRunning,
            $"stage {status.Stage}, attempt {status.Attempt}"
        );
    }
}
