using CodeParrot.Api.Names;
using CodeParrot.Api.Status;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>
/// Tells of what a status write changes, in one or two events; a write of numbers alone tells of nothing.
/// </summary>
internal static class TransitionEvents
{
    /// <summary>Most events of one pass.</summary>
    public const int MaxEvents = 2;

    /// <summary>The plan with its events behind everything else: their loss changes nothing.</summary>
    public static Plan Add(RunStatus before, Plan plan)
    {
        if (plan.Actions.OfType<SetStatus>().FirstOrDefault() is not { } write)
        {
            return plan;
        }

        var events = Of(before, write.Status).Take(MaxEvents).ToList();
        return events.Count == 0 ? plan : plan with { Actions = [.. plan.Actions, .. events] };
    }

    private static IEnumerable<RecordEvent> Of(RunStatus before, RunStatus after) =>
        [
            .. Refused(before, after),
            .. Ended(before, after),
            .. Failed(before, after),
            .. RolledBack(before, after),
            .. Begun(before, after),
            .. Requested(before, after),
            .. Promoted(before, after),
            .. Cleaned(before, after),
        ];

    private static IEnumerable<RecordEvent> Refused(RunStatus before, RunStatus after)
    {
        var old = before.Condition(ConditionTypes.Accepted);
        if (after.Condition(ConditionTypes.Accepted) is { Status: RunCondition.False } refused && refused != old)
        {
            yield return new RecordEvent(Warning: true, refused.Reason, refused.Message);
        }

        if (after.PendingChange.Length > 0 && before.PendingChange.Length == 0)
        {
            yield return new RecordEvent(Warning: false, "ChangePending", after.PendingChange);
        }
    }

    private static IEnumerable<RecordEvent> Ended(RunStatus before, RunStatus after)
    {
        if (after.Phase == before.Phase)
        {
            yield break;
        }

        switch (after.Phase)
        {
            case RunPhase.Succeeded:
                yield return new RecordEvent(Warning: false, "Succeeded", "all stages are done");
                break;
            case RunPhase.Failed:
                var why = after.Condition(ConditionTypes.Failed);
                yield return new RecordEvent(Warning: true, why?.Reason ?? "Failed", why?.Message ?? "");
                break;
            case RunPhase.Suspended:
                yield return new RecordEvent(Warning: false, "Suspended", $"stopped in stage {after.Stage}");
                break;
        }
    }

    private static IEnumerable<RecordEvent> Failed(RunStatus before, RunStatus after)
    {
        if (after.LastFailure is not { } failure || failure == before.LastFailure || after.Phase != RunPhase.Restarting)
        {
            yield break;
        }

        var stalled = failure.Reason is ConditionReasons.NoStep or ConditionReasons.StartupTimeout;
        yield return new RecordEvent(
            Warning: true,
            after.Gang.Generation > before.Gang.Generation ? ConditionReasons.Replacing
                : stalled ? ConditionTypes.Stalled
                : ConditionReasons.Restarting,
            $"attempt {before.Attempt}, pod {failure.Pod}: {failure.Reason}: {failure.Message}"
        );
    }

    private static IEnumerable<RecordEvent> RolledBack(RunStatus before, RunStatus after)
    {
        if (after.Rollback != before.Rollback && after.Condition(ConditionTypes.RolledBack) is { } rolled)
        {
            yield return new RecordEvent(rolled.Status == RunCondition.False, rolled.Reason, rolled.Message);
        }
    }

    private static IEnumerable<RecordEvent> Begun(RunStatus before, RunStatus after)
    {
        if (after.Attempt > before.Attempt)
        {
            yield return new RecordEvent(
                Warning: false,
                "AttemptBegun",
                $"attempt {after.Attempt} begins in stage {after.Stage}"
            );
        }
        else if (after.Stage != before.Stage && after.LivingAttempt() is not null)
        {
            yield return new RecordEvent(Warning: false, "StageBegun", $"{before.Stage} is done, {after.Stage} begins");
        }

        if (after.Phase == RunPhase.Running && before.Phase is RunPhase.Starting or RunPhase.Restarting)
        {
            var with = after.Workers is { } w && w.Ready < w.Desired ? $" with {w.Ready} of {w.Desired} ranks" : "";
            yield return new RecordEvent(Warning: false, "Training", $"attempt {after.Attempt} makes steps{with}");
        }
    }

    private static IEnumerable<RecordEvent> Requested(RunStatus before, RunStatus after)
    {
        if (after.CheckpointRequest is not { } now || now == before.CheckpointRequest)
        {
            yield break;
        }

        var taken = now.Result == ConditionReasons.CheckpointTaken;
        var newest = now.Checkpoint.Length > 0 ? now.Checkpoint : "none";
        yield return new RecordEvent(
            Warning: !taken,
            now.Result,
            taken
                ? $"{now.Checkpoint} is the checkpoint that {now.Nonce} asked for"
                : $"{now.Nonce} asked for a checkpoint when training was over; the newest is {newest}"
        );
    }

    private static IEnumerable<RecordEvent> Promoted(RunStatus before, RunStatus after)
    {
        if (
            after.Promotion is { } now
            && now.Result != before.Promotion?.Result
            && now.Result is not (ConditionReasons.PromotionStarted or "")
        )
        {
            yield return new RecordEvent(now.Result != ConditionReasons.Promoted, now.Result, now.Message);
        }
    }

    private static IEnumerable<RecordEvent> Cleaned(RunStatus before, RunStatus after)
    {
        if (after.Cleanup is { } now && now.Result != before.Cleanup?.Result)
        {
            var left = now.Result == ConditionReasons.ArtifactsLeft;
            yield return new RecordEvent(left, now.Result, left ? now.Message : "the run's objects in the store");
        }
    }
}
