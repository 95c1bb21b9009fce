using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Operator.Core.Deadlines;

/// <summary>
/// Fails a run that takes longer than <c>failurePolicy.totalDeadline</c>; time under suspend does not count.
/// </summary>
public sealed class TotalDeadlinePolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        // Time that a resumed run spent under suspend is taken off when its next attempt begins.
        if (Due(observed) is not { } due || due > observed.Now)
        {
            return null;
        }

        var message = $"the run is not done {observed.Run.Spec.FailurePolicy.TotalDeadline} after it began";
        var status = CheckpointList
            .Harvest(observed)
            .WithEndedAttempt(observed, ConditionReasons.DeadlineExceeded)
            .WithTerminal(observed, success: false, ConditionReasons.DeadlineExceeded, message);
        return PlanBuilder.Do(message, new SetStatus(status));
    }

    /// <summary>When the run fails unless it is done; null for never.</summary>
    internal static DateTimeOffset? Due(Observed observed) =>
        observed is { Status: { SuspendedAt: null, StartedAt: { } started }, Run.Spec.Suspend: false }
        && !observed.Status.IsTerminal()
        && observed.IsAccepted()
            ? started + observed.Run.Spec.FailurePolicy.TotalDeadline
            : null;
}
