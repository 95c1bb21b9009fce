using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Cli.Pods;

/// <summary><c>pod.json</c>: a pod as a local process.</summary>
internal sealed record PodRecord
{
    /// <summary>What was asked for.</summary>
    public PodSpec Spec { get; init; } = new();

    /// <summary>UID of the pod.</summary>
    public string Uid { get; init; } = "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Port of rank 0's coordinator; the same for all pods of an attempt's stage.</summary>
    public int MasterPort { get; init; }

    /// <summary>Process, and at the same time session, of the pod; null until it started.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Start time of the process in ticks since boot: a reused process id has another.</summary>
    public long StartTicks { get; init; }

    /// <summary>When the pod is killed, after its deletion was asked for.</summary>
    public DateTimeOffset? KillAt { get; init; }

    /// <summary>Exit code, once it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True once the planner removed it; the folder stays for its logs.</summary>
    public bool Removed { get; init; }
}
