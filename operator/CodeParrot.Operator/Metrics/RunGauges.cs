using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using Prometheus;

namespace CodeParrot.Operator.Metrics;

/// <summary>How runs are, read from the cache at each scrape; what is said of a run goes when the run goes.</summary>
internal sealed class RunGauges
{
    private readonly Gauge _phases;
    private readonly Gauge _info;
    private readonly Gauge _restarts;
    private readonly Gauge _stalled;
    private readonly Gauge _checkpointAge;

    /// <summary>Makes the metrics.</summary>
    public RunGauges(MetricFactory factory)
    {
        _phases = factory.CreateGauge("codeparrot_operator_runs_count", "Runs by phase.", "namespace", "phase");
        _info = factory.CreateGauge(
            "codeparrot_operator_run_info",
            "Always 1; labels say how a run is.",
            "namespace",
            "run",
            "phase",
            "stage",
            "branch"
        );
        _restarts = factory.CreateGauge(
            "codeparrot_operator_run_restarts_count",
            "Restarts of a run after failures.",
            "namespace",
            "run"
        );
        _stalled = factory.CreateGauge(
            "codeparrot_operator_run_stalled_count",
            "1 while a run's pods make no step.",
            "namespace",
            "run"
        );
        _checkpointAge = factory.CreateGauge(
            "codeparrot_operator_run_checkpoint_age_seconds",
            "Age of a training run's newest checkpoint; of its first attempt while it has none.",
            "namespace",
            "run"
        );
    }

    /// <summary>Shows these runs, and no others.</summary>
    public void Show(IReadOnlyCollection<TrainingRun> runs, DateTimeOffset now)
    {
        Set(
            _phases,
            runs.GroupBy(r => (r.Metadata.Namespace, r.Status.Phase))
                .Select(g => (new[] { g.Key.Namespace, g.Key.Phase.ToString() }, (double)g.Count()))
        );
        Set(_info, runs.Select(r => (InfoOf(r), 1.0)));
        Set(_restarts, runs.Select(r => (NameOf(r), (double)r.Status.Restarts)));
        Set(_stalled, runs.Select(r => (NameOf(r), IsStalled(r.Status) ? 1.0 : 0)));
        Set(
            _checkpointAge,
            runs.Where(r => r.Status.Phase is RunPhase.Starting or RunPhase.Running or RunPhase.Restarting)
                .Select(r => (NameOf(r), Since(r.Status)))
                .Where(r => r.Item2 is not null)
                .Select(r => (r.Item1, (now - r.Item2!.Value).TotalSeconds))
        );
    }

    private static string[] NameOf(TrainingRun run) => [run.Metadata.Namespace, run.Metadata.Name];

    private static string[] InfoOf(TrainingRun run) =>
        [.. NameOf(run), run.Status.Phase.ToString(), run.Status.Stage, run.Status.Branch];

    // The condition stays what it was when a run ends or rests, and nobody is to be woken for that.
    private static bool IsStalled(RunStatus status) =>
        !status.IsTerminal()
        && status.Phase != RunPhase.Suspended
        && status.Condition(ConditionTypes.Stalled)?.Status == RunCondition.True;

    private static DateTimeOffset? Since(RunStatus status) =>
        status.Checkpoints.Count > 0 ? status.Checkpoints[0].CreatedAt
        : status.Attempts.Count > 0 ? status.Attempts[0].StartedAt
        : null;

    private static void Set(Gauge gauge, IEnumerable<(string[] Labels, double Value)> values)
    {
        var gone = gauge.GetAllLabelValues().ToHashSet(LabelComparer.Instance);
        foreach (var (labels, value) in values)
        {
            gone.Remove(labels);
            gauge.WithLabels(labels).Set(value);
        }

        foreach (var labels in gone)
        {
            gauge.RemoveLabelled(labels);
        }
    }
}
