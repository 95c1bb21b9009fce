using Prometheus;

namespace CodeParrot.Operator.Metrics;

/// <summary>What Prometheus sees of the operator (docs/metrics.md).</summary>
internal sealed class OperatorMetrics
{
    /// <summary>Puts the metrics into a registry.</summary>
    public OperatorMetrics(CollectorRegistry registry)
    {
        _ = registry;
    }
}
