using System.Text.Json.Nodes;

namespace CodeParrot.Contract.Spec;

/// <summary>The gang of ranks: one rank, one GPU.</summary>
public sealed record WorkersSpec
{
    /// <summary>Ranks, at least 1. Identity.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Ranks in one pod; must divide <see cref="Count"/>.</summary>
    public int GpusPerPod { get; init; } = 1;

    /// <summary>Fewest ranks to go on with; this version supports none.</summary>
    public int? MinCount { get; init; }

    /// <summary>CPU threads of one rank; the machine's cores over its ranks unless set.</summary>
    public int? Threads { get; init; }

    /// <summary>Kubernetes resource requirements of one pod.</summary>
    public JsonObject? Resources { get; init; }

    /// <summary>Merged into the pods.</summary>
    public JsonObject? Template { get; init; }

    /// <summary>Size of /dev/shm, a Kubernetes quantity.</summary>
    public string SharedMemory { get; init; } = "8Gi";

    /// <summary>How long ranks wait for each other.</summary>
    public TimeSpan RendezvousTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time that a stopping rank has to write its checkpoint.</summary>
    public TimeSpan TerminationGracePeriod { get; init; } = TimeSpan.FromMinutes(5);
}
