using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Promotion;

/// <summary>
/// Reads <c>spec.publish.promote</c> live: anything but <c>OnSuccess</c> marks the publish stage as skipped while it has
/// not begun, and <c>OnSuccess</c> takes the mark back. So the end of a run skips replaces what its user has promoted.
/// </summary>
public sealed class PublishPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        if (status.IsTerminal() || status.Attempt == 0 || status.Stage == StageNames.Publish || !observed.IsAccepted())
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

    private static Plan Write(RunStatus status, IEnumerable<KeyValuePair<string, StageStatus>> stages, string reason) =>
        PlanBuilder.Do(
            reason,
            new SetStatus(status with { Stages = new SortedDictionary<string, StageStatus>(stages.ToDictionary()) })
        );
}
