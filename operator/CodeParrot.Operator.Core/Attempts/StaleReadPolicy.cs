using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Attempts;

/// <summary>
/// Pods of an attempt that the status does not know yet mean that the status was read from an old cache: to act on it
/// would end the living attempt.
/// </summary>
public sealed class StaleReadPolicy : IPolicy
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public Plan? Decide(Observed observed) =>
        observed.OwnPods().Any(p => p.Attempt > observed.Status.Attempt)
            ? PlanBuilder.Wait("the status is older than the pods", Recheck)
            : null;
}
