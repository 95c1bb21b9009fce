using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>I5: nothing is deleted that must stay.</summary>
internal sealed class StoreInvariants(ObjectStore objects, SimulatedStore store, Ledger ledger)
{
    /// <summary>Looks at the deletion of a complete checkpoint.</summary>
    public void Deletes(PodIdentity by, StoredCheckpoint checkpoint)
    {
        ledger.Deletes(by, checkpoint);
        var run = objects.Find(new ObjectKey(ResourceType.TrainingRuns, by.Namespace, by.Run));
        var living = run is { IsDeleting: false } && run.Uid == by.RunUid ? run : null;
        if (living is null)
        {
            return;
        }

        var kept = store.Run(by.RunPath);
        ledger.Require(kept.Newest != checkpoint, "I5", $"{by.Name} deletes the newest, {checkpoint.Reference}");
        ledger.Require(
            kept.Published != checkpoint.Reference,
            "I5",
            $"{by.Name} deletes {checkpoint.Reference}, which is published"
        );
        var status = StatusReading.Of(living.Body);
        // An attempt that a rollback has ended does not know the target, and has some seconds left.
        ledger.Require(
            status.StartFrom?.Checkpoint != checkpoint.Reference || status.LivingAttempt()?.Number != by.Attempt,
            "I5",
            $"{by.Name} deletes {checkpoint.Reference}, which a rollback goes on from"
        );
    }
}
