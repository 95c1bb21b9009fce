using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Pods;

/// <summary>The status of a stage whose pods are all made: how many have nodes, and how many run.</summary>
internal static class GangState
{
    /// <summary>The status as the pods are now.</summary>
    public static RunStatus Of(Observed observed)
    {
        var pods = observed.StagePods().ToList();
        var status = observed.Status;
        var count = GangSize.CountOf(status);
        var ranks = pods.Count == 0 ? 0 : PodBuilder.Build(observed.Run, 0).RanksPerPod;
        var placed = pods.FindAll(p => p.Scheduled || p.Phase != PodPhase.Pending);
        var working = pods.FindAll(p => p.Phase is PodPhase.Running or PodPhase.Succeeded);
        var isPlaced = GangSize.IsEnough(status, placed);
        var gang = status.Gang with
        {
            Created = status.Gang.Created || pods.Count == count,
            // A replacement that is missing from now on has vanished.
            Replacing = Awaited(observed),
            // A clock that has begun goes on: pods of one attempt never lose their nodes and live.
            ScheduledAt = status.Gang.ScheduledAt ?? (isPlaced ? observed.Now : null),
        };
        var failed = pods.Count(p => p.Phase is PodPhase.Failed or PodPhase.Unknown);
        var running = working.Count(p => p.Phase == PodPhase.Running);
        var workers = new WorkersStatus(count * ranks, running * ranks, failed * ranks);
        // Most passes change nothing, and then give the same object back.
        if (gang != status.Gang || workers != status.Workers)
        {
            status = status with { Gang = gang, Workers = workers };
        }

        status = With(status, observed, ConditionTypes.Scheduled, placed, ConditionReasons.PodsScheduled);
        return With(status, observed, ConditionTypes.Running, working, ConditionReasons.PodsRunning);
    }

    /// <summary>
    /// The status of an attempt whose pods are all made: those that are missing from now on have vanished, unless they
    /// are lost already.
    /// </summary>
    public static RunStatus Closed(Observed observed) =>
        observed.Status.LivingAttempt() is null
            ? observed.Status
            : observed.Status with
            {
                Gang = observed.Status.Gang with { Created = true, Replacing = Awaited(observed) },
            };

    /// <summary>The lost pods whose replacement is not there yet.</summary>
    public static IReadOnlyList<ReplacementStatus> Awaited(Observed observed)
    {
        var replacing = observed.Status.Gang.Replacing;
        var there = observed.StagePods().Select(p => p.PodIndex).ToHashSet();
        // The same list where it stays: most passes change nothing.
        return replacing.Any(r => there.Contains(r.PodIndex))
            ? [.. replacing.Where(r => !there.Contains(r.PodIndex))]
            : replacing;
    }

    private static RunStatus With(
        RunStatus status,
        Observed observed,
        string type,
        List<PodObservation> pods,
        string reason
    )
    {
        var count = GangSize.CountOf(status);
        var holds = GangSize.IsEnough(status, pods);
        var where = $"stage {status.Stage}, attempt {status.Attempt}";
        return status.WithCondition(
            observed,
            type,
            holds,
            holds ? (pods.Count < count ? ConditionReasons.FewerPods : reason)
                : status.Gang.Replacing.Count > 0 ? ConditionReasons.Replacing
                : ConditionReasons.PodsPending,
            holds && pods.Count < count ? $"{where}: {pods.Count} of {count} pods" : where
        );
    }
}
