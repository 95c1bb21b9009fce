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
        var count = PodBuilder.CountOf(status);
        var ranks = pods.Count == 0 ? 0 : PodBuilder.Build(observed.Run, 0).RanksPerPod;
        var placed = pods.Count(p => p.Scheduled || p.Phase != PodPhase.Pending);
        var running = pods.Count(p => p.Phase == PodPhase.Running);
        var done = pods.Count(p => p.Phase == PodPhase.Succeeded);
        var isPlaced = placed == count;
        var gang = status.Gang with
        {
            Created = true,
            // A clock that has begun goes on: pods of one attempt never lose their nodes and live.
            ScheduledAt = status.Gang.ScheduledAt ?? (isPlaced ? observed.Now : null),
        };
        var failed = pods.Count(p => p.Phase is PodPhase.Failed or PodPhase.Unknown);
        var workers = new WorkersStatus(count * ranks, running * ranks, failed * ranks);
        // Most passes change nothing, and then give the same object back.
        if (gang != status.Gang || workers != status.Workers)
        {
            status = status with { Gang = gang, Workers = workers };
        }

        var where = $"stage {status.Stage}, attempt {status.Attempt}";
        status = With(status, observed, ConditionTypes.Scheduled, isPlaced, ConditionReasons.PodsScheduled, where);
        var isRunning = running + done == count;
        return With(status, observed, ConditionTypes.Running, isRunning, ConditionReasons.PodsRunning, where);
    }

    /// <summary>
    /// The status of an attempt that gets no more pods: those that are missing from now on have vanished, and the next
    /// attempt follows.
    /// </summary>
    public static RunStatus Closed(RunStatus status) =>
        status.LivingAttempt() is null ? status : status with { Gang = status.Gang with { Created = true } };

    private static RunStatus With(
        RunStatus status,
        Observed observed,
        string type,
        bool holds,
        string reason,
        string where
    ) => status.WithCondition(observed, type, holds, holds ? reason : ConditionReasons.PodsPending, where);
}
