using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>
/// The loop of one run: observe, plan, carry out in order. It does not know where the cluster is, and keeps nothing
/// between passes, so that it may die at any point.
/// </summary>
/// <param name="cluster">Where the run lives.</param>
/// <param name="changes">Says when to look again.</param>
/// <param name="planner">Decides.</param>
public sealed class RunController(ICluster cluster, IChangeSource changes, Planner planner)
{
    // A net under lost notifications, not a way to notice changes.
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(500);

    private readonly PlanExecutor _executor = new(cluster);

    /// <summary>Drives a run until it is over, is gone, or the caller has seen enough.</summary>
    /// <param name="run">The run.</param>
    /// <param name="keepGoing">Called with every observation and its plan, before it is carried out.</param>
    /// <param name="cancellationToken">Ends the loop and leaves the pods alone.</param>
    /// <returns>The last observation; null if the run is gone.</returns>
    public async Task<Observed?> RunAsync(
        RunKey run,
        Func<Observed, Plan, bool> keepGoing,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var observed = await cluster.ObserveAsync(run, cancellationToken);
            if (observed is null)
            {
                return null;
            }

            var plan = planner.Plan(observed);
            if (!keepGoing(observed, plan) || plan.Finished)
            {
                return observed;
            }

            var carriedOut = await _executor.ExecuteAsync(observed, plan, cancellationToken);
            var due = plan.Requeue is { } requeue && requeue < Resync ? requeue : Resync;
            var wait =
                !carriedOut ? AfterConflict
                : plan.Actions.Count > 0 ? TimeSpan.Zero
                : due;
            if (wait > TimeSpan.Zero)
            {
                await changes.WaitForChangeAsync(run, observed.Version, wait, cancellationToken);
            }
        }
    }
}
