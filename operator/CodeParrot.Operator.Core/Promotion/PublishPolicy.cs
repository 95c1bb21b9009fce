using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Promotion;

/// <summary>
/// Reads <c>spec.publish.promote</c> live: anything but <c>OnSuccess</c> marks the publish stage as skipped while it
/// has not begun, and <c>OnSuccess</c> takes the mark back. So the end of a run never replaces what its user has
/// promoted.
/// </summary>
public sealed class PublishPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        if (Forget(observed) is { } forget)
        {
            return forget;
        }

        var status = observed.Status;
        var publishes = status.LivingAttempt() is not null && status.Stage == StageNames.Publish;
        if (status.IsTerminal() || status.Attempt == 0 || publishes || !observed.IsAccepted())
        {
            return null;
        }

        var skips = observed.Run.Spec.Publish.Promote != PublishSpec.OnSuccess;
        var done = status.Stages.GetValueOrDefault(StageNames.Publish);
        if (skips && done is null)
        {
            var skipped = new StageStatus
            {
                Attempt = status.Attempt,
                CompletedAt = observed.Now,
                Skipped = true,
            };
            return Write(
                status,
                status.Stages.Append(KeyValuePair.Create(StageNames.Publish, skipped)),
                "skip publishing"
            );
        }

        return !skips && done is { Skipped: true }
            ? Write(status, status.Stages.Where(s => s.Key != StageNames.Publish), "publish after all")
            : null;
    }

    /// <summary>True for a value that names no checkpoint.</summary>
    internal static bool IsRule(string value) => value is PublishSpec.Never or PublishSpec.OnSuccess;

    // Whoever names the same checkpoint again after this means it again.
    private static Plan? Forget(Observed observed)
    {
        var value = observed.Run.Spec.Publish.Promote;
        return
            IsRule(value)
            && observed.Status.Promotion is { } old
            && old.Value != value
            && observed.IsAccepted()
            && old.Result != ConditionReasons.PromotionStarted
            ? PlanBuilder.Do(
                $"no checkpoint is named any more: {value}",
                new SetStatus(
                    observed.Status with
                    {
                        Promotion = old with { Value = value, Result = "", Message = "" },
                    }
                )
            )
            : null;
    }

    private static Plan Write(RunStatus status, IEnumerable<KeyValuePair<string, StageStatus>> stages, string reason) =>
        PlanBuilder.Do(
            reason,
            new SetStatus(status with { Stages = new SortedDictionary<string, StageStatus>(stages.ToDictionary()) })
        );
}
