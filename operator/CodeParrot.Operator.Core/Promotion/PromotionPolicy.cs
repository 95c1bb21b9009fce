using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Promotion;

/// <summary>
/// Reads <c>spec.publish.promote</c> live: <c>Never</c> marks the publish stage as skipped while it has not begun, and
/// another value takes the mark back.
/// </summary>
public sealed class PromotionPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        if (status.IsTerminal() || status.Attempt == 0 || status.Stage == StageNames.Publish)
        {
            return null;
        }

        var never = observed.Run.Spec.Publish.Promote == PublishSpec.Never;
        var done = status.Stages.GetValueOrDefault(StageNames.Publish);
        if (never && done is null)
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

        return !never && done is { Skipped: true }
            ? Write(status, status.Stages.Where(s => s.Key != StageNames.Publish), "publish after all")
            : null;
    }

    private static Plan Write(RunStatus status, IEnumerable<KeyValuePair<string, StageStatus>> stages, string reason) =>
        PlanBuilder.Do(
            reason,
            new SetStatus(status with { Stages = new SortedDictionary<string, StageStatus>(stages.ToDictionary()) })
        );
}
