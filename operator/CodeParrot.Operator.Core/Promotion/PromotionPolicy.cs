using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Core.Stages;

namespace CodeParrot.Operator.Core.Promotion;

/// <summary>
/// Acts whenever <c>spec.publish.promote</c> names another checkpoint, also after the run's end: a short pod lets the
/// refs name it. It stands twice in the decision list: before the end of a run, and beside a living attempt behind all
/// that the attempt needs, so that a pod that cannot be made disturbs nothing.
/// </summary>
/// <param name="besideAttempt">True decides while an attempt lives, false while none does.</param>
public sealed class PromotionPolicy(bool besideAttempt) : IPolicy
{
    /// <summary>Tasks that are begun for one value.</summary>
    public const int MaxTries = 3;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    // A kubelet ends a pod whose time is over; one that has none yet, or a lost one, is given up here a little later.
    private static readonly TimeSpan Patience = Deadline + TimeSpan.FromMinutes(2);

    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (observed.Status.LivingAttempt() is not null != besideAttempt)
        {
            return null;
        }

        var promotion = observed.Status.Promotion;
        if (promotion?.Result != ConditionReasons.PromotionStarted)
        {
            return Clear(observed) ?? (Wanted(observed) is { } value ? Begin(observed, value, tries: 1) : null);
        }

        var name = PodBuilder.TaskNameOf(observed.Run, TaskNames.Promote, promotion.Number);
        var pod = observed.TaskPods(TaskNames.Promote).FirstOrDefault(p => p.Name == name);
        return pod is null ? Create(observed, promotion)
            : !pod.IsLiving ? Conclude(observed, promotion, pod)
            : GivenUpAt(pod) <= observed.Now ? GiveUp(observed, promotion, pod)
            : null;
    }

    /// <summary>When a promotion that is under way is given up; null where none has a pod.</summary>
    internal static DateTimeOffset? Due(Observed observed) =>
        observed.Status.Promotion?.Result == ConditionReasons.PromotionStarted
            ? observed.TaskPods(TaskNames.Promote).Where(p => p.IsLiving).Select(GivenUpAt).Min()
            : null;

    private static DateTimeOffset? GivenUpAt(PodObservation pod) => pod.CreatedAt + Patience;

    /// <summary>The checkpoint to promote now; null for none.</summary>
    private static string? Wanted(Observed observed)
    {
        var status = observed.Status;
        var value = observed.Run.Spec.Publish.Promote;
        // Before the first checkpoint a name can only be that of one to come.
        if (
            PublishPolicy.IsRule(value)
            || !observed.IsAccepted()
            || status.Attempt == 0
            // The stage is at the refs already; its end comes soon.
            || (status.LivingAttempt() is not null && status.Stage == StageNames.Publish)
            || (status.Checkpoints.Count == 0 && !status.IsTerminal())
        )
        {
            return null;
        }

        var isNew = value != status.Promotion?.Value;
        // One that was not there may come.
        var hasCome = status.Promotion?.Result == ConditionReasons.CheckpointMissing && Knows(status, value);
        return isNew || hasCome ? value : null;
    }

    private static bool Knows(RunStatus status, string value) =>
        status.Checkpoints.Any(c => CheckpointList.IsNamed(c, value));

    private static Plan Begin(Observed observed, string value, int tries)
    {
        var promotion = new PromotionStatus
        {
            Value = value,
            Result = ConditionReasons.PromotionStarted,
            Number = (observed.Status.Promotion?.Number ?? 0) + 1,
            Tries = tries,
        };
        return PlanBuilder.Do($"promote {value}", new SetStatus(observed.Status with { Promotion = promotion }));
    }

    private static Plan Create(Observed observed, PromotionStatus promotion) =>
        PlanBuilder.DoFenced(
            $"create the pod that promotes {promotion.Value}",
            observed.Status,
            new CreatePod(
                PodBuilder.BuildTask(observed.Run, TaskNames.Promote, promotion.Number) with
                {
                    SpecHash = observed.Status.SpecHash,
                    Arguments = ["--checkpoint", promotion.Value],
                    Deadline = Deadline,
                }
            )
        );

    private static Plan Conclude(Observed observed, PromotionStatus promotion, PodObservation pod)
    {
        var status = observed.Status;
        if (pod.Phase == PodPhase.Succeeded)
        {
            var key = pod.Message?.Outputs.GetValueOrDefault(StageOutputs.Published) ?? promotion.Value;
            var done = promotion with { Result = ConditionReasons.Promoted, Message = $"{key} is published" };
            return PlanBuilder.Do(done.Message, new SetStatus(status with { Promotion = done, Published = key }));
        }

        var missing = pod.Message?.Class == TerminationMessage.CheckpointMissing;
        var hopeless = missing || pod.ExitCode is (int)ExitCode.UserMistake or (int)ExitCode.CorruptData;
        if (!hopeless && promotion.Tries < MaxTries)
        {
            return Begin(observed, promotion.Value, promotion.Tries + 1);
        }

        var failed = promotion with
        {
            // One that was there and is not any more never comes again.
            Result =
                !missing ? ConditionReasons.PromotionFailed
                : Knows(status, promotion.Value) ? ConditionReasons.CheckpointDeleted
                : ConditionReasons.CheckpointMissing,
            Message = pod.Message?.Message is { Length: > 0 } said
                ? said
                : $"pod {pod.Name} ended with exit code {pod.ExitCode?.ToString() ?? "unknown"}",
        };
        foreach (var gone in missing ? status.Checkpoints.Where(c => CheckpointList.IsNamed(c, promotion.Value)) : [])
        {
            status = CheckpointList.Without(observed, status, CheckpointList.Key(gone));
        }

        return PlanBuilder.Do($"{promotion.Value} is not promoted", new SetStatus(status with { Promotion = failed }));
    }

    // Another pod would wait for the same. The value is tried again when it is named again.
    private static Plan GiveUp(Observed observed, PromotionStatus promotion, PodObservation pod)
    {
        var why =
            pod.WaitingReason.Length > 0 ? $"pod {pod.Name} does not start: {pod.WaitingReason}"
            : pod.Scheduled ? $"pod {pod.Name} did not end in time"
            : $"no node was found for pod {pod.Name}";
        var failed = promotion with { Result = ConditionReasons.PromotionFailed, Message = why };
        return PlanBuilder.DoFenced(
            $"{promotion.Value} is not promoted: {why}",
            observed.Status with
            {
                Promotion = failed,
            },
            Drain.Of([pod], Drain.BrokenGangGrace)
        );
    }

    // What the pods had to say is in the status.
    private static Plan? Clear(Observed observed)
    {
        var actions = Drain.Of(observed.TaskPods(TaskNames.Promote), Drain.BrokenGangGrace).ToList();
        return actions.Count > 0
            ? PlanBuilder.DoFenced("remove the pods of promotions that are over", observed.Status, actions)
            : null;
    }
}
