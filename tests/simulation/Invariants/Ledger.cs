using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>What really happened to each run, whatever anyone saw of it.</summary>
internal sealed class Ledger(Scheduler scheduler)
{
    private readonly HashSet<(string RunUid, int Attempt, string Pod, int Generation, bool IsOutlived)> _failed = [];
    private readonly HashSet<(string RunUid, int Attempt)> _gaveUp = [];
    private readonly HashSet<(string RunUid, int Attempt, string Stage, int PodIndex)> _done = [];
    private readonly Dictionary<(string RunUid, int Attempt), Gang> _gangs = [];
    private readonly Dictionary<(string RunUid, int Attempt), string> _goneBack = [];
    private readonly HashSet<(string RunUid, string Checkpoint)> _deleted = [];
    private readonly HashSet<string> _doomed = [];

    /// <summary>Ends the simulation unless something holds.</summary>
    public void Require(bool holds, string invariant, string otherwise)
    {
        if (!holds)
        {
            scheduler.Tell("oracle", $"{invariant}: {otherwise}");
            scheduler.Break(new InvariantException(invariant, otherwise));
        }
    }

    public void Ended(PodProcess process)
    {
        var it = process.Identity;
        var code = process.End!.ExitCode;
        if (it.Stage == StageNames.Train && code is 0 or (int)ExitCode.PeerLost)
        {
            _gaveUp.Add((it.RunUid, it.Attempt));
        }

        if (code == 0)
        {
            _done.Add((it.RunUid, it.Attempt, it.Stage, it.PodIndex));
        }
        else if (code != (int)ExitCode.Stopped)
        {
            Failed(it);
        }

        var isPermanent =
            (ExitCode)code
            is ExitCode.UserMistake
                or ExitCode.CorruptData
                or ExitCode.Diverged
                or ExitCode.OutOfGpuMemory;
        // Nothing that was asked for can be wrong with that: it was there when somebody chose it.
        var isMissing = process.End.Says(TerminationMessage.CheckpointMissing);
        if (isPermanent && !isMissing && !_goneBack.ContainsKey((it.RunUid, it.Attempt)))
        {
            _doomed.Add(it.RunUid);
        }
    }

    /// <summary>An attempt had a failure that may be counted.</summary>
    public void Failed(PodIdentity it)
    {
        // Also one that is lost before all ranks have come together.
        var isOutlived = it.Stage == StageNames.Train && it.OutlivesPeers;
        _failed.Add((it.RunUid, it.Attempt, it.Name, it.Generation, isOutlived));
    }

    /// <summary>A gang stops making steps, which no pod of it tells.</summary>
    public void Hung(Gang gang) => Failed(gang.First with { Name = "hangs" });

    public void Began(Gang gang) => _gangs[(gang.First.RunUid, gang.First.Attempt)] = gang;

    /// <summary>A gang asks to go back to a checkpoint.</summary>
    public void GoesBack(Gang gang, StoredCheckpoint target) =>
        _goneBack[(gang.First.RunUid, gang.First.Attempt)] = target.Reference;

    /// <summary>True when a gang asked to go back to this checkpoint.</summary>
    public bool AskedToGoBack(string runUid, int attempt, string checkpoint) =>
        checkpoint.Length > 0 && _goneBack.GetValueOrDefault((runUid, attempt)) == checkpoint;

    /// <summary>Retention deletes a checkpoint.</summary>
    public void Deletes(PodIdentity by, StoredCheckpoint checkpoint) => _deleted.Add((by.RunUid, checkpoint.Reference));

    /// <summary>True when the checkpoint that a branch starts from is not in the store any more.</summary>
    public bool WasDeleted(string runUid, StartPoint start) => _deleted.Contains((runUid, start.Checkpoint));

    /// <summary>Failures of an attempt that may be counted: one that ends it, and each that others outlive.</summary>
    public int FailuresOf(string runUid, int attempt)
    {
        var failed = _failed.Where(f => f.RunUid == runUid && f.Attempt == attempt).ToList();
        return failed.Exists(f => f.IsOutlived) ? failed.Count : Math.Min(1, failed.Count);
    }

    /// <summary>Failures of a run that may be counted.</summary>
    public int FailuresOf(string runUid) =>
        _failed.Where(f => f.RunUid == runUid).Select(f => f.Attempt).Distinct().Sum(a => FailuresOf(runUid, a));

    /// <summary>True when a rank of the attempt waits for the others no more, or has come to the end.</summary>
    public bool GaveUp(string runUid, int attempt) => _gaveUp.Contains((runUid, attempt));

    /// <summary>True when a trainer of the run said that another attempt would end alike.</summary>
    public bool IsDoomed(string runUid) => _doomed.Contains(runUid);

    public bool IsDone(string runUid, int attempt, string stage, int podIndex) =>
        _done.Contains((runUid, attempt, stage, podIndex));

    public Gang? GangOf(string runUid, int attempt) => _gangs.GetValueOrDefault((runUid, attempt));

    /// <summary>The gang that trained before an attempt; null for none.</summary>
    public Gang? GangBefore(string runUid, int attempt) =>
        _gangs.Values.Where(g => g.First.RunUid == runUid && g.First.Attempt < attempt).MaxBy(g => g.First.Attempt);
}
