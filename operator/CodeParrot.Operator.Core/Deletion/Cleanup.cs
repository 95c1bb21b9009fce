using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Deletion;

/// <summary>
/// Deletes a run's objects from the store by a pod of its own, three times at most; then says what is left behind.
/// Either way the finalizer goes: a bucket that is gone must not hold a namespace for ever.
/// </summary>
internal static class Cleanup
{
    /// <summary>Pods that are begun before the objects are left behind.</summary>
    public const int MaxTries = 3;

    /// <summary>Time that one pod has.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(10);

    // A pod that has its node and does not start waits for something that will not come: a secret that is gone, an
    // image.
    private static readonly TimeSpan StartDeadline = TimeSpan.FromMinutes(2);

    /// <summary>The next step; never null.</summary>
    public static Plan Decide(Observed observed)
    {
        if (Needless(observed) is { } reason)
        {
            return Leave(observed, reason);
        }

        var status = observed.Status;
        if (status.Cleanup is not { } cleanup)
        {
            return observed.NamespaceTerminating
                ? GiveUp(observed, "nothing can be made in a namespace that is being deleted")
                : Begin(observed, 1, "");
        }

        if (cleanup.Result != ConditionReasons.CleanupStarted)
        {
            return Leave(observed, $"the run's objects: {cleanup.Result}");
        }

        var name = PodBuilder.TaskNameOf(observed.Run, TaskNames.Cleanup, cleanup.Tries);
        return observed.TaskPods(TaskNames.Cleanup).FirstOrDefault(p => p.Name == name) is { } pod
            ? Follow(observed, cleanup, pod)
            : Create(observed, cleanup);
    }

    // Nobody wants the objects deleted, or there are none yet.
    private static string? Needless(Observed observed) =>
        observed.Run.Spec.RetainArtifacts ? "the run's objects are kept"
        : observed.Status.Attempt == 0 ? "the run made no objects"
        : null;

    private static bool MaySkip(Observed observed) =>
        observed.Run.Metadata.Annotations.GetValueOrDefault(AnnotationNames.SkipCleanup) == "true";

    private static Plan Begin(Observed observed, int tryNumber, string message)
    {
        if (MaySkip(observed))
        {
            return GiveUp(observed, $"the annotation {AnnotationNames.SkipCleanup} says so");
        }

        var cleanup = new CleanupStatus
        {
            Tries = tryNumber,
            StartedAt = observed.Now,
            Result = ConditionReasons.CleanupStarted,
            Message = message,
        };
        return PlanBuilder.Do(
            "delete the run's objects from the store",
            new SetStatus(observed.Status with { Cleanup = cleanup })
        );
    }

    private static Plan Create(Observed observed, CleanupStatus cleanup)
    {
        if (observed.NamespaceTerminating)
        {
            return GiveUp(observed, "nothing can be made in a namespace that is being deleted");
        }

        return MaySkip(observed) ? GiveUp(observed, $"the annotation {AnnotationNames.SkipCleanup} says so")
            : observed.Now >= cleanup.StartedAt + Deadline ? Retry(observed, cleanup, "its pod cannot be made")
            : AfterEarlierTries(observed)
                ?? PlanBuilder.DoFenced(
                    "create the pod that deletes the run's objects",
                    observed.Status,
                    new CreatePod(CleanupPod.Build(observed.Run, cleanup.Tries, Deadline))
                );
    }

    private static Plan? AfterEarlierTries(Observed observed)
    {
        var earlier = observed.TaskPods(TaskNames.Cleanup).ToList();
        var actions = Drain.Of(earlier, TimeSpan.Zero).ToList();
        return actions.Count > 0 ? PlanBuilder.DoFenced("remove the pod of the last try", observed.Status, actions)
            : earlier.Exists(p => p.IsLiving) ? PlanBuilder.Wait("wait for the pod of the last try to go", Recheck)
            : null;
    }

    private static Plan Follow(Observed observed, CleanupStatus cleanup, PodObservation pod)
    {
        if (pod.Phase == PodPhase.Succeeded)
        {
            var deleted = cleanup with { Result = ConditionReasons.ArtifactsDeleted, Message = "" };
            return PlanBuilder.Do(
                "the run's objects are deleted",
                new SetStatus(observed.Status with { Cleanup = deleted })
            );
        }

        if (MaySkip(observed))
        {
            return GiveUp(observed, $"the annotation {AnnotationNames.SkipCleanup} says so");
        }

        var start = cleanup.StartedAt + StartDeadline;
        var isStuck = pod is { Phase: PodPhase.Pending, Scheduled: true } && observed.Now >= start;
        // The kubelet ends a pod whose time is over; one that has none, or a lost one, is ended here.
        var end = cleanup.StartedAt + Deadline + StartDeadline;
        if (pod.Phase == PodPhase.Failed || isStuck || observed.Now >= end)
        {
            var why =
                pod.Message?.Message is { Length: > 0 } said ? said
                : pod.WaitingReason.Length > 0 ? $"its pod does not start: {pod.WaitingReason}"
                : isStuck ? "its pod does not start"
                : $"its pod ended with exit code {pod.ExitCode?.ToString() ?? "unknown"}";
            return Retry(observed, cleanup, why);
        }

        var due = start > observed.Now ? start : end;
        return PlanBuilder.Wait("wait until the run's objects are deleted", due - observed.Now);
    }

    private static Plan Retry(Observed observed, CleanupStatus cleanup, string why) =>
        cleanup.Tries < MaxTries ? Begin(observed, cleanup.Tries + 1, why) : GiveUp(observed, why);

    private static Plan GiveUp(Observed observed, string why)
    {
        var prefix = StorePaths.Run(observed.Run.Metadata.Namespace, observed.Run.Metadata.Name);
        var message = $"{prefix} of store {observed.Run.Spec.Store.Uri} is left behind: {why}";
        var left = (observed.Status.Cleanup ?? new CleanupStatus { StartedAt = observed.Now }) with
        {
            Result = ConditionReasons.ArtifactsLeft,
            Message = message,
        };
        return PlanBuilder.Do(message, new SetStatus(observed.Status with { Cleanup = left }));
    }

    // Nothing owns the pods: they go before the run does, or they would stay.
    private static Plan Leave(Observed observed, string reason) =>
        PlanBuilder.Do(
            reason,
            [
                .. observed.TaskPods(TaskNames.Cleanup).Select(p => new DeletePod(p.Name, p.Uid, TimeSpan.Zero)),
                new SetFinalizer(Present: false),
            ]
        );
}
