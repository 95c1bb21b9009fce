using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Progress;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;
using CodeParrot.Operator.Queue;

namespace CodeParrot.Operator.Reconcile;

/// <summary>One pass over a run: observe, plan, carry out, and say when to look again.</summary>
/// <param name="cluster">Observes and acts.</param>
/// <param name="unreadable">Tells of runs that cannot be read.</param>
/// <param name="leftovers">Tidies up behind runs that are gone.</param>
/// <param name="planner">Decides.</param>
/// <param name="queue">Where the run is put for its next pass.</param>
/// <param name="options">Longest time without a look.</param>
/// <param name="time">Clock.</param>
/// <param name="metrics">Measures passes.</param>
/// <param name="log">Where messages go.</param>
internal sealed partial class Reconciler(
    ICluster cluster,
    UnreadableRuns unreadable,
    Leftovers leftovers,
    Planner planner,
    WorkQueue<RunKey> queue,
    OperatorOptions options,
    TimeProvider time,
    OperatorMetrics metrics,
    ILogger<Reconciler> log
)
{
    // What was done shows up in the caches and brings the run back by itself: a net only.
    private static readonly TimeSpan AfterActions = TimeSpan.FromSeconds(10);

    private readonly PlanExecutor _executor = new(cluster);

    /// <summary>One pass; what fails in it is logged, and the run comes again later.</summary>
    public async Task PassAsync(RunKey run, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var result = "error";
        try
        {
            result = await TryPassAsync(run, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            result = "cancelled";
        }
        catch (ApiServerException e)
        {
            LogRefused(run.Name, run.Namespace, e.Message);
            queue.Retry(run, e.RetryAfter ?? TimeSpan.Zero);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            LogUnanswered(run.Name, run.Namespace, e);
            queue.Retry(run, TimeSpan.Zero);
        }
        catch (Exception e)
        {
            // A bug that one run brings out must not stop the others.
            LogBug(run.Name, run.Namespace, e);
            queue.Retry(run, TimeSpan.Zero);
        }

        metrics.ObservePass(result, time.GetElapsedTime(started));
    }

    private async Task<string> TryPassAsync(RunKey run, CancellationToken cancellationToken)
    {
        var observed = await cluster.ObserveAsync(run, cancellationToken);
        if (observed is null)
        {
            await leftovers.RemoveAsync(run, cancellationToken);
            await unreadable.TellAsync(run, cancellationToken);
            queue.Forget(run);
            return "unchanged";
        }

        var plan = planner.Plan(observed);
        var acts = plan.Actions.Count > 0;
        if (acts)
        {
            // Numbers of running runs, every ten seconds each, would bury what happens to them.
            var level = plan.Policy == nameof(ProgressPolicy) ? LogLevel.Debug : LogLevel.Information;
            var attempt = observed.Status.Attempt;
            LogPlan(level, run.Name, run.Namespace, attempt, plan.Policy, plan.Reason, plan.Actions.Count);
            if (!await _executor.ExecuteAsync(observed, plan, cancellationToken))
            {
                queue.Retry(run, TimeSpan.Zero);
                return "conflict";
            }
        }

        queue.Forget(run);
        var net = acts ? AfterActions : options.Resync;
        queue.AddAfter(run, plan.Requeue is { } due && due < net ? due : net);
        return acts ? "done" : "unchanged";
    }
}
