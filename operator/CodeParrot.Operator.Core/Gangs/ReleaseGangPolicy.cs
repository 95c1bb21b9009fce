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
        return status.Gang.Held && (!trains || IsLeaving(observed))
            ? PlanBuilder.Do(
                $"the gang of attempt {status.Attempt} is over",
                new ReleaseGang(status.Attempt),
                new SetStatus(status with { Gang = status.Gang with { Held = false } })
            )
            : null;
    }

    // A scheduler may hold pods back that were told to go before they ever ran, until it hears that their gang is over;
    // and a suspend, or a deletion, waits for them before it ends the attempt.
    private static bool IsLeaving(Observed observed)
    {
        var stops = observed.Run.Spec.Suspend || observed.Run.Metadata.DeletionTimestamp is not null;
        var pods = observed.StagePods().ToList();
        return stops && pods.Count > 0 && pods.TrueForAll(p => p.Deleting || !p.IsLiving);
    }
}
