using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Status;

/// <summary>
/// Shape of the current attempt's gang, fixed when the attempt began: an edit of the spec acts at the next attempt.
/// </summary>
public sealed record GangStatus
{
    /// <summary>Pods of the train stage.</summary>
    public int Pods { get; init; }

    /// <summary>Fewest pods that the train stage goes on with; omitted, it needs all.</summary>
    public int? MinPods { get; init; }

    /// <summary>Ranks in one pod of the train stage.</summary>
    public int RanksPerPod { get; init; } = 1;

    /// <summary>Pods of the corpus stage.</summary>
    public int CorpusPods { get; init; } = 1;

    /// <summary>The scheduler that places all ranks or none.</summary>
    public GangScheduler Scheduler { get; init; } = GangScheduler.None;

    /// <summary>What is replaced after a failure: the ranks were started for it.</summary>
    public RecoveryMode Recovery { get; init; } = RecoveryMode.Gang;

    /// <summary>Times that lost pods of the attempt were replaced.</summary>
    public int Generation { get; init; }

    /// <summary>Pods that are lost, and whose replacement was not seen yet.</summary>
    public IReadOnlyList<ReplacementStatus> Replacing { get; init; } = [];

    /// <summary>Replacements are not made before this.</summary>
    public DateTimeOffset? ReplaceAt { get; init; }

    /// <summary>True while a gang scheduler was, or may have been, told of the gang and not yet of its end.</summary>
    public bool Held { get; init; }

    /// <summary>CPU threads of one rank; null leaves it to the place where the pod runs.</summary>
    public int? Threads { get; init; }

    /// <summary>Name of the Secret that the attempt's ranks prove to each other.</summary>
    public string RendezvousKey { get; init; } = "";

    /// <summary>True once every pod of the current stage was seen: one that is missing now has vanished.</summary>
    public bool Created { get; init; }

    /// <summary>When every pod of the current stage, or enough of them, had a node; null before.</summary>
    public DateTimeOffset? ScheduledAt { get; init; }

    /// <summary>Step of the newest reading; null before the first.</summary>
    public long? LastStep { get; init; }

    /// <summary>When a step was last seen to be made by this attempt; null before its first.</summary>
    public DateTimeOffset? LastStepAt { get; init; }

    /// <summary>True while a PodDisruptionBudget holds evictions of the gang back.</summary>
    public bool Protected { get; init; }
}
