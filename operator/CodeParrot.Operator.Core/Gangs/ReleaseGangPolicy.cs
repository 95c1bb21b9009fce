using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Gangs;

/// <summary>
/// Tells the gang scheduler that a gang is over once its attempt, or its train stage, is. The mark in the status goes
/// after the effect: a crash between them repeats it.
/// </summary>
public sealed class ReleaseGangPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var status = observed.Status;
        var trains = status.LivingAttempt() is not null && status.Stage == StageNames.Train;
        return status.Gang.Held && !trains
            ? PlanBuilder.Do(
                $"the gang of attempt {status.Attempt} is over",
                new ReleaseGang(status.Attempt),
                new SetStatus(status with { Gang = status.Gang with { Held = false } })
            )
            : null;
    }
}
