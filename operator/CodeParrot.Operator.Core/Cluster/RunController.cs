using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>
/// The loop of one run: observe, plan, carry out in order. It does not know where the cluster is, and keeps nothing
/// between passes, so that it may die at any point.
/// </summary>
/// <param name="cluster">Where the run lives.</param>
/// <param name="planner">Decides.</param>
public sealed class RunController(ICluster cluster, Planner planner)
{
    // A net under lost notifications, not a way to notice changes.
    private static readonly TimeSpan Resync = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterConflict = TimeSpan.FromMilliseconds(500);

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

            var wait = await ExecuteAsync(run, observed, plan, cancellationToken);
            if (wait > TimeSpan.Zero)
            {
                await cluster.WaitForChangeAsync(run, observed.Version, wait, cancellationToken);
            }
        }
    }

    /// <summary>Carries a plan out; a conflict ends the pass, because the plan was made for another state.</summary>
    /// <returns>How long to wait for a change before the next pass.</returns>
    private async Task<TimeSpan> ExecuteAsync(
        RunKey run,
        Observed observed,
        Plan plan,
        CancellationToken cancellationToken
    )
    {
        try
        {
            foreach (var action in plan.Actions)
            {
                await ExecuteAsync(run, observed, action, cancellationToken);
            }
        }
        catch (ClusterConflictException)
        {
            return AfterConflict;
        }

        var due = plan.Requeue is { } requeue && requeue < Resync ? requeue : Resync;
        return plan.Actions.Count > 0 ? TimeSpan.Zero : due;
    }

    private Task ExecuteAsync(RunKey run, Observed observed, PlanAction action, CancellationToken cancellationToken) =>
        action switch
        {
            SetStatus a => cluster.WriteStatusAsync(
                run,
                a.Status,
                observed.Run.Metadata.ResourceVersion,
                cancellationToken
            ),
            EnsureSnapshot a => cluster.EnsureSnapshotAsync(run, a, cancellationToken),
            CreatePod a => cluster.CreatePodAsync(run, a.Pod, cancellationToken),
            DeletePod a => cluster.DeletePodAsync(run, a, cancellationToken),
            _ => throw new System.Diagnostics.UnreachableException($"unknown action {action.GetType().Name}"),
        };
}
