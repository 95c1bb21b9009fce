using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>Edits of a status that several policies make.</summary>
internal static class StatusEdits
{
    private const int MaxAttempts = 20;

    /// <summary>Sets one condition; its transition time moves only when its status does.</summary>
    public static RunStatus WithCondition(
        this RunStatus status,
        Observed observed,
        string type,
        bool holds,
        string reason,
        string message
    )
    {
        var value = holds ? RunCondition.True : RunCondition.False;
        var old = status.Condition(type);
        var since = old is not null && old.Status == value ? old.LastTransitionTime : observed.Now;
        var condition = new RunCondition(type, value, reason, message, observed.Run.Metadata.Generation, since);
        if (condition == old)
        {
            return status;
        }

        return status with
        {
            Conditions =
            [
                .. status
                    .Conditions.Where(c => c.Type != type)
                    .Append(condition)
                    .OrderBy(c => c.Type, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Ends the living attempt, if there is one.</summary>
    public static RunStatus WithEndedAttempt(
        this RunStatus status,
        Observed observed,
        string reason,
        int? exitCode = null
    )
    {
        if (status.LivingAttempt() is not { } living)
        {
            return status;
        }

        var ended = living with
        {
            Stage = status.Stage,
            EndedAt = observed.Now,
            Reason = reason,
            ExitCode = exitCode,
            Replacements = status.Gang.Generation,
            LastStep = status.Progress is { Stage: StageNames.Train } p ? p.Step : living.LastStep,
        };
        status = status with
        {
            Attempts = [.. status.Attempts.SkipLast(1), ended],
            PendingChange = "",
            // What is not wanted any more has no ranks and no end to wait for.
            Workers = null,
            Progress = status.Progress is { } progress ? progress with { Eta = null, TokensPerSecond = null } : null,
        };
        var message = $"attempt {living.Number} ended in stage {status.Stage}";
        foreach (var type in new[] { ConditionTypes.Scheduled, ConditionTypes.Running })
        {
            status = status.Condition(type) is null
                ? status
                : status.WithCondition(observed, type, holds: false, reason, message);
        }

        return status;
    }

    /// <summary>Adds a new attempt to the history, which keeps the newest 20.</summary>
    public static RunStatus WithBegunAttempt(this RunStatus status, AttemptStatus attempt) =>
        status with
        {
            Attempt = attempt.Number,
            Attempts = [.. status.Attempts.Append(attempt).TakeLast(MaxAttempts)],
        };

    /// <summary>Ends the run for good.</summary>
    public static RunStatus WithTerminal(
        this RunStatus status,
        Observed observed,
        bool success,
        string reason,
        string message
    )
    {
        var type = success ? ConditionTypes.Succeeded : ConditionTypes.Failed;
        return (
            status with
            {
                Phase = success ? RunPhase.Succeeded : RunPhase.Failed,
                FinishedAt = observed.Now,
                NextAttemptAt = null,
            }
        ).WithCondition(observed, type, holds: true, reason, message);
    }
}
