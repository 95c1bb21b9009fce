namespace CodeParrot.Contract.Spec;

/// <summary>The gang of ranks: one rank, one GPU.</summary>
public sealed record WorkersSpec
{
    /// <summary>Ranks, at least 1. Identity.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Ranks in one pod; must divide <see cref="Count"/>.</summary>
    public int GpusPerPod { get; init; } = 1;

    /// <summary>
    /// Fewest ranks that train while the others cannot be scheduled, rank 0 always among them: when
    /// <see cref="RendezvousTimeout"/> is over they go on without the rest, which join when they come. All, unless set;
    /// a multiple of <see cref="GpusPerPod"/>, and only with failurePolicy.recovery Peers.
    /// </summary>
    public int? MinCount { get; init; }

    /// <summary>CPU threads of one rank; the machine's cores over its ranks unless set.</summary>
    public int? Threads { get; init; }

    /// <summary>Resources of one pod: with GPUs, as many as it has ranks.</summary>
    public ResourcesSpec? Resources { get; init; }

    /// <summary>What is added to the pods.</summary>
    public PodTemplateSpec? Template { get; init; }

    /// <summary>
    /// Size of /dev/shm. It lives in memory: where resources limit or request memory, it is added to that.
    /// </summary>
    public Quantity SharedMemory { get; init; } = new("8Gi");

    /// <summary>How long ranks wait for each other.</summary>
    public TimeSpan RendezvousTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time that a stopping rank has to write its checkpoint.</summary>
    public TimeSpan TerminationGracePeriod { get; init; } = TimeSpan.FromMinutes(5);
}
