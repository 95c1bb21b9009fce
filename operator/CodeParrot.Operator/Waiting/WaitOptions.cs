namespace CodeParrot.Operator.Waiting;

/// <summary>Which run to wait for, and how long.</summary>
internal sealed record WaitOptions
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>The run's namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Longest wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Kubeconfig; empty for the pod's own account, or the user's.</summary>
    public string Kubeconfig { get; init; } = "";
}
