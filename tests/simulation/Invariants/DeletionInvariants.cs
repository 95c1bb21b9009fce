using CodeParrot.Api.Status;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Simulation.Tests.ApiServer;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>
/// What a status once knew to be deleted is never named again, and no branch starts from it.
/// </summary>
internal sealed class DeletionInvariants(Ledger ledger)
{
    private readonly HashSet<(string RunUid, string Checkpoint)> _known = [];

    /// <summary>Looks at one version of a status behind another.</summary>
    public void Changed(StoredObject run, RunStatus old, RunStatus next)
    {
        var now = next.Checkpoints.Select(CheckpointList.Key).ToHashSet();
        foreach (var named in now)
        {
            ledger.Require(
                !_known.Contains((run.Uid, named)),
                "deleted",
                $"{run.Key.Name} names {named}, and knew that it was deleted"
            );
        }

        // Runs of the simulation have far fewer than a status may hold.
        foreach (var gone in old.Checkpoints.Select(CheckpointList.Key).Where(c => !now.Contains(c)))
        {
            _known.Add((run.Uid, gone));
        }

        var isNew = next.StartFrom != old.StartFrom || next.Attempt > old.Attempt;
        var isNeeded = next.StartFrom is not null && next.Checkpoints.All(c => c.Branch != next.Branch);
        ledger.Require(
            !(isNew && isNeeded && _known.Contains((run.Uid, next.StartFrom!.Checkpoint))),
            "deleted",
            $"{run.Key.Name} goes on from {next.StartFrom?.Checkpoint}, and knew that it was deleted"
        );
    }
}
