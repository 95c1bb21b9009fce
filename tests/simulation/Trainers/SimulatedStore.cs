using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Store;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>The object store: who owns a run's prefix, its checkpoints, and what is published.</summary>
internal sealed class SimulatedStore(Scheduler scheduler)
{
    private readonly Dictionary<string, RunPrefix> _runs = [];
    private readonly HashSet<string> _committed = [];

    /// <summary>Gets or sets what is called before a complete checkpoint is deleted, with the deleter.</summary>
    public Action<PodIdentity, StoredCheckpoint> Deletes { get; set; } = (_, _) => { };

    /// <summary>Gets or sets what is called when a checkpoint is complete, with its writer.</summary>
    public Action<PodIdentity, StoredCheckpoint> Commits { get; set; } = (_, _) => { };

    public RunPrefix Run(string path)
    {
        if (!_runs.TryGetValue(path, out var run))
        {
            _runs[path] = run = new RunPrefix();
        }

        return run;
    }

    /// <summary>True for a checkpoint that was complete at some time.</summary>
    public bool WasCommitted(string path, string reference) => _committed.Contains($"{path}/{reference}");

    /// <summary>Claims a run's prefix for an attempt.</summary>
    /// <returns>Null for a claim that holds, or the exit code of one that does not.</returns>
    public ExitCode? Claim(PodIdentity pod)
    {
        var run = Run(pod.RunPath);
        if (run.Owner is { } owner && owner.RunUid != pod.RunUid && !pod.Adopts)
        {
            return ExitCode.UserMistake;
        }

        if (run.Owner is { } older && older.RunUid == pod.RunUid && older.Attempt > pod.Attempt)
        {
            return ExitCode.PeerLost;
        }

        run.Owner = new RunOwner(pod.RunUid, pod.Attempt);
        return null;
    }

    public bool Owns(PodIdentity pod) => Run(pod.RunPath).Owner == new RunOwner(pod.RunUid, pod.Attempt);

    /// <summary>Uploads all of a checkpoint but its manifest.</summary>
    /// <param name="pod">Who writes.</param>
    /// <param name="step">The step.</param>
    /// <param name="request">A request for a checkpoint that this one serves; empty for none.</param>
    /// <param name="before">The checkpoint before it.</param>
    public StoredCheckpoint Upload(PodIdentity pod, long step, string request, StoredCheckpoint? before)
    {
        var name = StorePaths.CheckpointName(step, pod.Attempt);
        var uploaded = new StoredCheckpoint
        {
            RunUid = pod.RunUid,
            Branch = pod.Branch,
            Name = name,
            ServedRequest = request.Length > 0 ? new(request, $"{pod.Branch}/{name}") : before?.ServedRequest,
            Step = step,
            Attempt = pod.Attempt,
        };
        var run = Run(pod.RunPath);
        run.Checkpoints.RemoveAll(c => c.Reference == uploaded.Reference);
        run.Checkpoints.Add(uploaded);
        return uploaded;
    }

    /// <summary>Writes a checkpoint's manifest.</summary>
    public void Commit(PodIdentity pod, StoredCheckpoint checkpoint)
    {
        checkpoint.IsComplete = true;
        checkpoint.CreatedAt = scheduler.UtcNow;
        _committed.Add($"{pod.RunPath}/{checkpoint.Reference}");
        scheduler.Tell("store", $"{pod.RunPath}: {checkpoint.Reference} is complete");
        Commits(pod, checkpoint);
    }

    /// <summary>Deletes what no rule keeps.</summary>
    public void Retain(PodIdentity pod, RetentionSpec keep)
    {
        var run = Run(pod.RunPath);
        var newest = run.Complete.OrderByDescending(c => c.CreatedAt).Take(Math.Max(1, keep.Last)).ToList();
        var expired = run.Complete.Where(c =>
            !newest.Contains(c) && c.Reference != run.Published && c.Reference != pod.StartFrom
        );
        foreach (var checkpointToDelete in expired.ToList())
        {
            Deletes(pod, checkpointToDelete);
            run.Checkpoints.Remove(checkpointToDelete);
        }
    }

    /// <summary>Deletes all that a run left, unless another owns it by now.</summary>
    public void DeleteRun(PodIdentity pod)
    {
        var run = Run(pod.RunPath);
        if (run.Owner is { } owner && owner.RunUid != pod.RunUid)
        {
            return;
        }

        foreach (var checkpoint in run.Complete.ToList())
        {
            Deletes(pod, checkpoint);
        }

        scheduler.Tell("store", $"{pod.RunPath}: all is deleted");
        _runs.Remove(pod.RunPath);
    }

    /// <summary>The newest complete checkpoints in one line each, newest first.</summary>
    public IReadOnlyList<CheckpointSummary> List(string path, int most) =>
        [.. Run(path).Complete.OrderByDescending(c => c.CreatedAt).Take(most).Select(Summarise)];

    public static CheckpointSummary Summarise(StoredCheckpoint c) =>
        new(c.Name, c.Branch, c.Step, 3.0 - (c.Step / 100.0), null, 1000, "digest", c.CreatedAt);
}
