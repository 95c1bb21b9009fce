using CodeParrot.Contract.Runtime;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Invariants;

/// <summary>What really happened to each run, whatever anyone saw of it.</summary>
internal sealed class Ledger(Scheduler scheduler)
{
    private readonly HashSet<(string RunUid, int Attempt)> _failed = [];
    private readonly HashSet<(string RunUid, int Attempt, string Stage, int PodIndex)> _done = [];
    private readonly Dictionary<(string RunUid, int Attempt), Gang> _gangs = [];
    private readonly Dictionary<(string RunUid, int Attempt), string> _goneBack = [];
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
        if (isPermanent && !_goneBack.ContainsKey((it.RunUid, it.Attempt)))
        {
            _doomed.Add(it.RunUid);
        }
    }

    /// <summary>An attempt had a failure that may be counted.</summary>
    public void Failed(PodIdentity it) => _failed.Add((it.RunUid, it.Attempt));

    public void Began(Gang gang) => _gangs[(gang.First.RunUid, gang.First.Attempt)] = gang;

    /// <summary>A gang asks to go back to a checkpoint.</summary>
    public void GoesBack(Gang gang, StoredCheckpoint target) =>
        _goneBack[(gang.First.RunUid, gang.First.Attempt)] = target.Reference;

    /// <summary>True when a gang asked to go back to this checkpoint.</summary>
    public bool AskedToGoBack(string runUid, int attempt, string checkpoint) =>
        checkpoint.Length > 0 && _goneBack.GetValueOrDefault((runUid, attempt)) == checkpoint;

    public bool HasFailed(string runUid, int attempt) => _failed.Contains((runUid, attempt));

    /// <summary>Attempts of a run that had a failure.</summary>
    public int FailedAttempts(string runUid) => _failed.Count(f => f.RunUid == runUid);

    /// <summary>True when a trainer of the run said that another attempt would end alike.</summary>
    public bool IsDoomed(string runUid) => _doomed.Contains(runUid);

    public bool IsDone(string runUid, int attempt, string stage, int podIndex) =>
        _done.Contains((runUid, attempt, stage, podIndex));

    public Gang? GangOf(string runUid, int attempt) => _gangs.GetValueOrDefault((runUid, attempt));

    /// <summary>The gang that trained before an attempt; null for none.</summary>
    public Gang? GangBefore(string runUid, int attempt) =>
        _gangs.Values.Where(g => g.First.RunUid == runUid && g.First.Attempt < attempt).MaxBy(g => g.First.Attempt);
}
