using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using Prometheus;

namespace CodeParrot.Operator.Metrics;

/// <summary>
/// Counts what happens to runs, from the statuses that were written: what was not written did not happen, and what was
/// written by another leader was counted there.
/// </summary>
internal sealed class RunTransitions
{
    // Reasons come from pods as well, and a label with any text in it would fill the server that scrapes.
    private const int MaxReasons = 64;
    private const string Other = "Other";

    private static readonly double[] Seconds = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600];

    private readonly Lock _lock = new();
    private readonly HashSet<string> _reasons = [];
    private readonly Counter _begun;
    private readonly Counter _ended;
    private readonly Counter _failures;
    private readonly Counter _replaced;
    private readonly Histogram _toRunning;
    private readonly Histogram _recovery;

    /// <summary>Makes the metrics.</summary>
    public RunTransitions(MetricFactory factory)
    {
        _begun = factory.CreateCounter("codeparrot_operator_attempts_begun_total", "Attempts that began.");
        _ended = factory.CreateCounter(
            "codeparrot_operator_attempts_ended_total",
            "Attempts that ended, by the reason in the run's status.",
            "reason"
        );
        _failures = factory.CreateCounter(
            "codeparrot_operator_failures_total",
            "Failures that ended an attempt, or cost it pods, by the culprit's reason.",
            "reason"
        );
        _replaced = factory.CreateCounter(
            "codeparrot_operator_pods_replaced_total",
            "Lost pods that were replaced while the rest of their gang lived on."
        );
        var buckets = new HistogramConfiguration { Buckets = Seconds };
        _toRunning = factory.CreateHistogram(
            "codeparrot_operator_apply_to_running_duration_seconds",
            "From a run's creation to its first training step, if nothing failed before.",
            buckets
        );
        _recovery = factory.CreateHistogram(
            "codeparrot_operator_recovery_duration_seconds",
            "From a failure to the first training step after it.",
            buckets
        );
    }

    /// <summary>A status was written.</summary>
    /// <param name="run">The run with its status before.</param>
    /// <param name="after">The status that was written.</param>
    /// <param name="now">When.</param>
    public void Observe(TrainingRun run, RunStatus after, DateTimeOffset now)
    {
        var before = run.Status;
        if (after.Attempt > before.Attempt)
        {
            _begun.Inc(after.Attempt - before.Attempt);
        }

        if (
            before.LivingAttempt() is { } living
            && after.Attempts.LastOrDefault(a => a.Number == living.Number) is { EndedAt: not null } ended
        )
        {
            _ended.WithLabels(Bounded(ended.Reason)).Inc();
        }

        if (after.LastFailure is { } failure && failure != before.LastFailure)
        {
            _failures.WithLabels(Bounded(failure.Reason)).Inc();
        }

        if (after.Gang.Generation > before.Gang.Generation)
        {
            _replaced.Inc(after.Gang.Replacing.Count(r => r.Generation == after.Gang.Generation));
        }

        if (after.Phase != RunPhase.Running || before.Phase == RunPhase.Running)
        {
            return;
        }

        if (after is { Attempt: 1, LastFailure: null } && run.Metadata.CreationTimestamp is { } created)
        {
            _toRunning.Observe((now - created).TotalSeconds);
        }
        else if (after.LastFailure is { } last && (before.Phase == RunPhase.Restarting || EndedBy(after, last)))
        {
            _recovery.Observe((now - last.At).TotalSeconds);
        }
    }

    // True where the failure, and no suspension or rollback after it, is why there is a new attempt.
    private static bool EndedBy(RunStatus status, FailureStatus failure) =>
        status.Attempts.LastOrDefault(a => a.Number == status.Attempt - 1) is { EndedAt: { } ended } previous
        && failure.At >= previous.StartedAt
        && failure.At <= ended;

    private string Bounded(string reason)
    {
        lock (_lock)
        {
            return _reasons.Contains(reason) || (_reasons.Count < MaxReasons && _reasons.Add(reason)) ? reason : Other;
        }
    }
}
