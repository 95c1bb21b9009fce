using System.Text.Json.Nodes;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>I3, I4 and I8, and that a status never says what did not happen.</summary>
internal sealed class StatusInvariants(Ledger ledger, SimulatedStore store)
{
    private readonly Dictionary<(string RunUid, int Attempt), int> _counted = [];
    private readonly DeletionInvariants _deletions = new(ledger);

    /// <summary>Looks at one version of a run behind another.</summary>
    public void Changed(StoredObject before, StoredObject after)
    {
        if (JsonNode.DeepEquals(before.Body["status"], after.Body["status"]))
        {
            return;
        }

        var name = after.Key.Name;
        var old = StatusReading.Of(before.Body);
        var next = StatusReading.Of(after.Body);
        var acted = next.Rollback is { Attempt: > 0 } && next.Rollback != old.Rollback;
        CheckOrder(after.Uid, name, old, next, acted);
        CheckCheckpoints(after, old, next);
        _deletions.Changed(after, old, next);
        CheckCounts(after.Uid, name, old, next);
        CheckStages(after.Uid, name, old, next);
        CheckProgress(after.Uid, name, old, next);
    }

    private void CheckOrder(string uid, string name, RunStatus old, RunStatus next, bool acted)
    {
        // A rollback whose target has gone meanwhile.
        var isTakenBack = old.StartFrom is { } lost && old.StartFrom != next.StartFrom && ledger.WasDeleted(uid, lost);
        var goesBack = acted || isTakenBack || ledger.AskedToGoBack(uid, old.Attempt, next.StartFrom?.Checkpoint ?? "");
        ledger.Require(
            next.Attempt == old.Attempt || next.Attempt == old.Attempt + 1,
            "I3",
            $"{name} went from attempt {old.Attempt} to {next.Attempt}"
        );
        ledger.Require(
            !acted || next.Rollback!.Value != old.Rollback?.Value,
            "I3",
            $"{name} acted twice on one rollback"
        );
        ledger.Require(
            next.Branch == old.Branch || old.Branch.Length == 0 || goesBack,
            "I3",
            $"{name} went from branch {old.Branch} to {next.Branch} without a rollback"
        );
        ledger.Require(
            !old.IsTerminal() || next.Phase == old.Phase || acted,
            "terminal",
            $"{name} left {old.Phase} for {next.Phase} without a rollback"
        );
    }

    private void CheckCheckpoints(StoredObject run, RunStatus old, RunStatus next)
    {
        var known = old.Checkpoints.Select(c => $"{c.Branch}/{c.Name}").ToHashSet();
        var path = $"{run.Key.Namespace}/{run.Key.Name}";
        foreach (var added in next.Checkpoints.Select(c => $"{c.Branch}/{c.Name}").Where(c => !known.Contains(c)))
        {
            ledger.Require(
                store.WasCommitted(path, added),
                "I4",
                $"{run.Key.Name} names {added}, which is not complete"
            );
        }

        ledger.Require(
            next.Published.Length == 0 || store.WasCommitted(path, next.Published),
            "I4",
            $"{run.Key.Name} publishes {next.Published}, which never was complete"
        );
    }

    private void CheckCounts(string uid, string name, RunStatus old, RunStatus next)
    {
        ledger.Require(
            next.Restarts - old.Restarts is 0 or 1,
            "I8",
            $"{name} went from {old.Restarts} to {next.Restarts} restarts"
        );
        var before = next.Budget.Checkpoint == old.Budget.Checkpoint ? old.Budget.Counted : 0;
        if (next.Budget.Counted > before)
        {
            var counted = _counted.GetValueOrDefault((uid, old.Attempt)) + next.Budget.Counted - before;
            var happened = ledger.FailuresOf(uid, old.Attempt);
            _counted[(uid, old.Attempt)] = counted;
            ledger.Require(
                counted <= happened,
                "I8",
                $"{name} counted {counted} failures of attempt {old.Attempt}, which had {happened}: "
                    + next.LastFailure?.Message
            );
        }
    }

    private void CheckStages(string uid, string name, RunStatus old, RunStatus next)
    {
        foreach (var (stage, done) in next.Stages.Where(s => !s.Value.Skipped && !old.Stages.ContainsKey(s.Key)))
        {
            // Rank 0 is the last to have something to do in training, and others may have missed its end.
            ledger.Require(
                ledger.IsDone(uid, done.Attempt, stage, podIndex: 0),
                "stages",
                $"{name} says that stage {stage} is done, pod 0 of attempt {done.Attempt} is not"
            );
        }
    }

    private void CheckProgress(string uid, string name, RunStatus old, RunStatus next)
    {
        if (
            next.Progress is not { Stage: StageNames.Train } progress
            || (old.Progress?.Step == progress.Step && old.Attempt == next.Attempt)
            || next.LivingAttempt() is null
        )
        {
            return;
        }

        var made = ledger.GangOf(uid, next.Attempt)?.Reached ?? 0;
        var committed = next.Checkpoints.Where(c => c.Branch == next.Branch).Select(c => c.Step).DefaultIfEmpty().Max();
        ledger.Require(
            progress.Step <= Math.Max(made, Math.Max(committed, old.Progress?.Step ?? 0)),
            "progress",
            $"{name} is said to be at step {progress.Step} in attempt {next.Attempt}, which came to {made}"
        );
    }
}
