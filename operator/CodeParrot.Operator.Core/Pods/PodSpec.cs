namespace CodeParrot.Operator.Core.Pods;

/// <summary>A pod to be made, in words that mean the same in a cluster and on one machine.</summary>
public sealed record PodSpec
{
    /// <summary>Name: the same decision always gives the same one.</summary>
    public string Name { get; init; } = "";

    /// <summary>Name of the run.</summary>
    public string Run { get; init; } = "";

    /// <summary>Namespace of the run.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>UID of the run.</summary>
    public string RunUid { get; init; } = "";

    /// <summary>Stage, or a task of <see cref="Api.Names.TaskNames"/>.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>Index in the gang.</summary>
    public int PodIndex { get; init; }

    /// <summary>Replacements of the attempt before it; 0 for a pod that the attempt began with.</summary>
    public int Generation { get; init; }

    /// <summary>Ranks in the whole gang.</summary>
    public int WorldSize { get; init; } = 1;

    /// <summary>Ranks in this pod.</summary>
    public int RanksPerPod { get; init; } = 1;

    /// <summary>CPU threads of one rank; null leaves it to the place.</summary>
    public int? Threads { get; init; }

    /// <summary>Words of its command line behind the command's own.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Time after which it is ended by the place it runs on; null for no limit.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>False for a pod that outlives its run, which the operator deletes itself: no owner reference.</summary>
    public bool Owned { get; init; } = true;

    /// <summary>Hash of the snapshot it runs with; empty for a pod that mounts none.</summary>
    public string SpecHash { get; init; } = "";

    /// <summary>Branch that checkpoints are written to.</summary>
    public string Branch { get; init; } = "";

    /// <summary>Checkpoint that the branch goes on from, <c>branch/name</c>; empty for none.</summary>
    public string StartFrom { get; init; } = "";

    /// <summary>Steps of data left out after <see cref="StartFrom"/>.</summary>
    public int SkipSteps { get; init; }

    /// <summary>Name of the Secret with the attempt's rendezvous key; empty for a pod that mounts none.</summary>
    public string RendezvousKey { get; init; } = "";

    /// <summary>Nodes that it must not run on.</summary>
    public IReadOnlyList<string> ExcludedNodes { get; init; } = [];

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
