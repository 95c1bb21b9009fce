using CodeParrot.Contract.Runtime;

namespace CodeParrot.Api.Status;

/// <summary>How far a run is. Counters and the terminal phase are kept here and never derived from pods.</summary>
public sealed record RunStatus
{
    /// <summary>Where the run is.</summary>
    public RunPhase Phase { get; init; } = RunPhase.Pending;

    /// <summary>Conditions, one of each type.</summary>
    public IReadOnlyList<RunCondition> Conditions { get; init; } = [];

    /// <summary>Number of the newest attempt; 0 before the first. Only grows.</summary>
    public int Attempt { get; init; }

    /// <summary>Restarts after failures, in all.</summary>
    public int Restarts { get; init; }

    /// <summary>Restarts since the newest checkpoint.</summary>
    public BudgetStatus Budget { get; init; } = new();

    /// <summary>The next attempt does not begin before this.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Stage of the current attempt, in lower case; empty before the first.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Stages that are done, by name.</summary>
    public IReadOnlyDictionary<string, StageStatus> Stages { get; init; } = new Dictionary<string, StageStatus>();

    /// <summary>SHA-256 of the snapshot that the current attempt runs with.</summary>
    public string SpecHash { get; init; } = "";

    /// <summary>Digest of the recipe that the current attempt runs with.</summary>
    public string Recipe { get; init; } = "";

    /// <summary>Says that an edit of the recipe waits for the next attempt; empty for none.</summary>
    public string PendingChange { get; init; } = "";

    /// <summary>Digest of the spec's identity, from the first attempt on.</summary>
    public string Identity { get; init; } = "";

    /// <summary>Shape of the current attempt's gang.</summary>
    public GangStatus Gang { get; init; } = new();

    /// <summary>Ranks of the current stage.</summary>
    public WorkersStatus? Workers { get; init; }

    /// <summary>Newest progress.</summary>
    public ProgressStatus? Progress { get; init; }

    /// <summary>How the ranks talk to each other; unset for a run of one rank.</summary>
    public NetworkStatus? Network { get; init; }

    /// <summary>Complete checkpoints: the newest 50 and the best, newest first.</summary>
    public IReadOnlyList<CheckpointSummary> Checkpoints { get; init; } = [];

    /// <summary>Name of the newest complete checkpoint; empty for none.</summary>
    public string LatestCheckpoint => Checkpoints.Count > 0 ? Checkpoints[0].Name : "";

    /// <summary>Branch that checkpoints are written to.</summary>
    public string Branch { get; init; } = "";

    /// <summary>Where the branch begins, after a rollback.</summary>
    public StartPoint? StartFrom { get; init; }

    /// <summary>The checkpoint that is published, <c>branch/name</c>.</summary>
    public string Published { get; init; } = "";

    /// <summary>The newest failure.</summary>
    public FailureStatus? LastFailure { get; init; }

    /// <summary>The newest attempts, oldest first.</summary>
    public IReadOnlyList<AttemptStatus> Attempts { get; init; } = [];

    /// <summary>The newest rollback.</summary>
    public RollbackStatus? Rollback { get; init; }

    /// <summary>The newest request for a checkpoint that was answered.</summary>
    public CheckpointRequestStatus? CheckpointRequest { get; init; }

    /// <summary>The newest explicit promotion.</summary>
    public PromotionStatus? Promotion { get; init; }

    /// <summary>The deletion of the run's objects, while the run is being deleted.</summary>
    public CleanupStatus? Cleanup { get; init; }

    /// <summary>Nodes that the next attempt avoids.</summary>
    public IReadOnlyList<string> ExcludedNodes { get; init; } = [];

    /// <summary>When the first attempt began; time under suspend does not count, and moves it.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the run came to rest under suspend; null while it is not.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>When the run succeeded or failed.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>True once nothing but a new rollback moves the run.</summary>
    public bool IsTerminal() => Phase is RunPhase.Succeeded or RunPhase.Failed;

    /// <summary>The condition of a type, or null.</summary>
    public RunCondition? Condition(string type) => Conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>The attempt that has begun and not ended, or null.</summary>
    public AttemptStatus? LivingAttempt() =>
        Attempts.Count > 0 && Attempts[^1].Number == Attempt && Attempts[^1].EndedAt is null ? Attempts[^1] : null;
}
