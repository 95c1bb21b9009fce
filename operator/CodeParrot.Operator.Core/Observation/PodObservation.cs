using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Observation;

/// <summary>One pod as it was seen.</summary>
public sealed record PodObservation
{
    /// <summary>Name, <c>run-stage-aAttempt-podIndex</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>UID of the pod: a deletion names it, so that it never hits a successor of the same name.</summary>
    public string Uid { get; init; } = "";

    /// <summary>UID of the run that it was made for, as its label says.</summary>
    public string RunUid { get; init; } = "";

    /// <summary>Stage it works on, or its task.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Attempt it belongs to.</summary>
    public int Attempt { get; init; }

    /// <summary>Index in the gang.</summary>
    public int PodIndex { get; init; }

    /// <summary>Replacements of the attempt before it was made.</summary>
    public int Generation { get; init; }

    /// <summary>Phase.</summary>
    public PodPhase Phase { get; init; }

    /// <summary>True once its deletion was asked for.</summary>
    public bool Deleting { get; init; }

    /// <summary>Exit code, once it ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Reason that the place it ran on gives, as in <c>OOMKilled</c>; empty for none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Types of its conditions that hold.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>
    /// Reason of its condition DisruptionTarget where that holds, as in <c>PreemptionByScheduler</c>; empty for none.
    /// </summary>
    public string Disruption { get; init; } = "";

    /// <summary>Node it runs on; empty without a cluster.</summary>
    public string Node { get; init; } = "";

    /// <summary>What the trainer said as it ended; null where it said nothing readable.</summary>
    public TerminationMessage? Message { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>True once a node was found for it.</summary>
    public bool Scheduled { get; init; }

    /// <summary>Why its container does not start, as in <c>ImagePullBackOff</c>; empty for no such reason.</summary>
    public string WaitingReason { get; init; } = "";

    /// <summary>Address to reach it at; empty while it has none.</summary>
    public string Address { get; init; } = "";

    /// <summary>
    /// When its grace ends, once its deletion was asked for; null for one that ended on a machine that keeps its record
    /// until it is asked again.
    /// </summary>
    public DateTimeOffset? DeletionDueAt { get; init; }

    /// <summary>
    /// True where it was to go without any grace and is still there: somebody's finalizer holds it, and asking again
    /// changes nothing.
    /// </summary>
    public bool Held { get; init; }

    /// <summary>
    /// Group that its gang scheduler knows it by, where that holds pods back until the group is over; empty for none.
    /// </summary>
    public string Group { get; init; } = "";

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True while a process of it may run.</summary>
    public bool IsLiving => Phase is not (PodPhase.Succeeded or PodPhase.Failed);
}
