namespace CodeParrot.Contract.Spec;

/// <summary>What happens when a pod fails.</summary>
public sealed record FailurePolicySpec
{
    /// <summary>Restarts that count, since the last newer checkpoint, before the run fails.</summary>
    public int MaxRestarts { get; init; } = 10;

    /// <summary>Wait before a restart.</summary>
    public BackoffSpec Backoff { get; init; } = new();

    /// <summary>What is replaced after a failure.</summary>
    public RecoveryMode Recovery { get; init; } = RecoveryMode.Gang;

    /// <summary>Time from scheduled pods to the first step.</summary>
    public TimeSpan StartupDeadline { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Time without a step after which the gang is restarted.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Time that a run may take in all; null sets no limit.</summary>
    public TimeSpan? TotalDeadline { get; init; }

    /// <summary>Time after which pods of an unreachable node are given up.</summary>
    public TimeSpan NodeLostTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Rules tried in order before the built-in ones; the first that matches decides. At most 16.</summary>
    public IReadOnlyList<FailureRuleSpec> Rules { get; init; } = [];
}
