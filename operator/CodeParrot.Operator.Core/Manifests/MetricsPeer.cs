namespace CodeParrot.Operator.Core.Manifests;

/// <summary>Pods that may read a run's progress and metrics.</summary>
public sealed record MetricsPeer
{
    /// <summary>Their namespace; empty for any.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Their labels; empty for all pods of the namespace.</summary>
    public IReadOnlyDictionary<string, string> PodLabels { get; init; } = new Dictionary<string, string>();
}
