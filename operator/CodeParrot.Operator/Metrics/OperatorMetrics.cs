using CodeParrot.Operator.ApiServer;
using Prometheus;

namespace CodeParrot.Operator.Metrics;

/// <summary>What Prometheus sees of the operator (docs/metrics.md).</summary>
internal sealed class OperatorMetrics
{
    private static readonly double[] PassSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1, 5, 30];

    private readonly Gauge _leader;
    private readonly Gauge _queueDepth;
    private readonly Histogram _passes;
    private readonly Counter _requests;
    private readonly Counter _watchRestarts;

    /// <summary>Puts the metrics into a registry.</summary>
    public OperatorMetrics(CollectorRegistry registry)
    {
        var factory = Prometheus.Metrics.WithCustomRegistry(registry);
        _leader = factory.CreateGauge("codeparrot_operator_leader_count", "1 while this operator leads.");
        _queueDepth = factory.CreateGauge("codeparrot_operator_queue_depth_count", "Runs that wait for a worker.");
        _passes = factory.CreateHistogram(
            "codeparrot_operator_reconcile_duration_seconds",
            "One pass over a run: observe, plan, carry out.",
            ["result"],
            new HistogramConfiguration { Buckets = PassSeconds }
        );
        _requests = factory.CreateCounter(
            "codeparrot_operator_api_requests_total",
            "Requests to the API server by their answer; code 0 where none came.",
            "verb",
            "resource",
            "code"
        );
        _watchRestarts = factory.CreateCounter(
            "codeparrot_operator_watch_restarts_total",
            "Watches that were begun anew.",
            "resource",
            "reason"
        );
        Transitions = new RunTransitions(factory);
        Runs = new RunGauges(factory);
    }

    /// <summary>What happens to runs.</summary>
    public RunTransitions Transitions { get; }

    /// <summary>How runs are.</summary>
    public RunGauges Runs { get; }

    /// <summary>Says whether this operator leads.</summary>
    public void SetLeader(bool leads) => _leader.Set(leads ? 1 : 0);

    /// <summary>Says how many runs wait.</summary>
    public void SetQueueDepth(int depth) => _queueDepth.Set(depth);

    /// <summary>A pass ended.</summary>
    public void ObservePass(string result, TimeSpan duration) =>
        _passes.WithLabels(result).Observe(duration.TotalSeconds);

    /// <summary>A request was answered, or was not (code 0).</summary>
    public void CountRequest(ApiVerb verb, ResourceType type, int code) =>
        _requests.WithLabels(verb.ToString().ToLowerInvariant(), type.Plural, $"{code}").Inc();

    /// <summary>A watch is begun anew.</summary>
    public void CountWatchRestart(ResourceType type, string reason) =>
        _watchRestarts.WithLabels(type.Plural, reason).Inc();
}
