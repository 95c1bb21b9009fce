using System.Diagnostics;
using CodeParrot.Api.Names;
using CodeParrot.Cli.State;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Cli.Pods;

/// <summary>
/// The pods of one run as local processes; those that an earlier codeparrot left running are adopted.
/// </summary>
internal sealed class LocalPods
{
    // What a process that was killed without leaving an exit code would have given to its shell.
    private const int KilledExitCode = 128 + 9;
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromSeconds(10);

    private readonly StateFolder _state;
    private readonly RunKey _run;
    private readonly PodHost _host;
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, PodRecord> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Process> _children = [];

    /// <summary>Opens a run's pods; the caller holds the run's lock.</summary>
    public LocalPods(StateFolder state, RunKey run, PodHost host, TimeProvider time)
    {
        _state = state;
        _run = run;
        _host = host;
        _time = time;
        foreach (var folder in PodFolder.List(state.PodsFolder(run)))
        {
            if (folder.Read() is { Removed: false } record && Adopt(folder, record) is { } adopted)
            {
                _records[record.Spec.Name] = adopted;
            }
        }
    }

    /// <summary>Grows with every change of a pod.</summary>
    public long Version { get; private set; }

    /// <summary>Folders of the stage's living pods, pod 0 first.</summary>
    public IEnumerable<PodFolder> Living() =>
        _records
            .Values.Where(r => r.ExitCode is null && !TaskNames.IsTask(r.Spec.Stage))
            .OrderBy(r => r.Spec.PodIndex)
            .Select(r => FolderOf(r.Spec));

    /// <summary>The pods as the planner sees them.</summary>
    public IReadOnlyList<PodObservation> Observe() => [.. _records.Values.Select(Observe)];

    /// <summary>Starts a pod.</summary>
    /// <exception cref="ClusterConflictException">A pod of this name exists or existed.</exception>
    public void Create(PodSpec pod)
    {
        var folder = FolderOf(pod);
        if (_records.ContainsKey(pod.Name) || folder.Read() is not null)
        {
            throw new ClusterConflictException($"pod {pod.Name} exists already");
        }

        Directory.CreateDirectory(folder.WorkFolder);
        var gang = _records.Values.FirstOrDefault(r => r.Spec.Attempt == pod.Attempt && r.Spec.Stage == pod.Stage);
        var record = new PodRecord
        {
            Spec = pod,
            Uid = Guid.NewGuid().ToString(),
            CreatedAt = _time.GetUtcNow(),
            MasterPort = gang?.MasterPort ?? FreePort.Take(),
        };
        folder.Write(record);
        var child = _host.Start(_state, _run, folder, record);
        record = record with { ProcessId = child.Id, StartTicks = ProcessTable.StartTicks(child.Id) ?? 0 };
        _children[pod.Name] = child;
        Keep(record);
    }

    /// <summary>Stops a living pod, or removes one that ended.</summary>
    /// <exception cref="ClusterConflictException">There is no such pod.</exception>
    public void Delete(DeletePod deletion)
    {
        if (!_records.TryGetValue(deletion.Name, out var record) || record.Uid != deletion.Uid)
        {
            throw new ClusterConflictException($"pod {deletion.Name} of UID {deletion.Uid} is gone");
        }

        if (record.ExitCode is not null)
        {
            Keep(record with { Removed = true });
            _records.Remove(deletion.Name);
            if (_children.Remove(deletion.Name, out var child))
            {
                child.Dispose();
            }

            return;
        }

        ProcessSignals.Terminate(record.ProcessId!.Value);
        Keep(record with { KillAt = _time.GetUtcNow() + deletion.Grace });
    }

    /// <summary>Notices pods that ended, and kills those whose grace is over.</summary>
    public void Refresh()
    {
        foreach (var record in _records.Values.Where(r => r.ExitCode is null).ToList())
        {
            Refresh(record);
        }
    }

    /// <summary>Ends every living pod at once.</summary>
    public void KillAll()
    {
        foreach (var record in _records.Values.Where(r => r.ExitCode is null))
        {
            Kill(record);
        }
    }

    private void Refresh(PodRecord record)
    {
        var process = record.ProcessId!.Value;
        if (ProcessTable.StartTicks(process) == record.StartTicks && FolderOf(record.Spec).ExitCode() is null)
        {
            if (record.KillAt <= _time.GetUtcNow())
            {
                Kill(record);
            }

            return;
        }

        // The shell is through; whoever else is left of the pod must not meet the next attempt.
        var rest = ProcessTable.Session(process).Where(id => id != process).ToList();
        if (rest.Count > 0)
        {
            rest.ForEach(ProcessSignals.Kill);
            return;
        }

        Keep(
            record with
            {
                ExitCode = FolderOf(record.Spec).ExitCode() ?? KilledExitCode,
                FinishedAt = _time.GetUtcNow(),
            }
        );
    }

    private static void Kill(PodRecord record)
    {
        foreach (var process in ProcessTable.Session(record.ProcessId!.Value))
        {
            ProcessSignals.Kill(process);
        }
    }

    // A record without a process id is that of a codeparrot that died while it started the pod.
    private PodRecord? Adopt(PodFolder folder, PodRecord record)
    {
        if (record.ProcessId is not null)
        {
            return record;
        }

        if (UnstartedPod.IsAside(folder, record))
        {
            UnstartedPod.Finish(folder, record);
            return null;
        }

        if (UnstartedPod.TrySetAside(folder, record))
        {
            return null;
        }

        var deadline = _time.GetTimestamp();
        while (folder.ProcessId() is null && _time.GetElapsedTime(deadline) < ClaimPatience)
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(20));
        }

        var process = folder.ProcessId() ?? 0;
        var adopted = record with { ProcessId = process, StartTicks = ProcessTable.StartTicks(process) ?? 0 };
        folder.Write(adopted);
        return adopted;
    }

    private void Keep(PodRecord record)
    {
        FolderOf(record.Spec).Write(record);
        _records[record.Spec.Name] = record;
        Version++;
    }

    // What a lost pod printed is kept beside what its replacement prints.
    private PodFolder FolderOf(PodSpec pod) =>
        new(Path.Combine(_state.PodsFolder(_run), pod.Generation == 0 ? pod.Name : $"{pod.Name}-g{pod.Generation}"));

    private PodObservation Observe(PodRecord record) =>
        new()
        {
            Name = record.Spec.Name,
            Uid = record.Uid,
            RunUid = record.Spec.RunUid,
            Stage = record.Spec.Stage,
            Attempt = record.Spec.Attempt,
            PodIndex = record.Spec.PodIndex,
            Generation = record.Spec.Generation,
            Phase = record.ExitCode switch
            {
                null => PodPhase.Running,
                0 => PodPhase.Succeeded,
                _ => PodPhase.Failed,
            },
            Scheduled = true,
            CreatedAt = record.CreatedAt,
            Deleting = record.KillAt is not null,
            DeletionDueAt = record.ExitCode is null ? record.KillAt : null,
            ExitCode = record.ExitCode,
            Message = record.ExitCode is null ? null : FolderOf(record.Spec).Termination(),
            FinishedAt = record.FinishedAt,
        };
}
