using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>
/// Carries a plan out in its order, and ends at the first effect that fails. Neighbouring pods are made, or deleted,
/// side by side in batches that double: one that cannot be made at all costs one request, not a thousand.
/// </summary>
/// <param name="cluster">Where the run lives.</param>
public sealed class PlanExecutor(ICluster cluster)
{
    /// <summary>Most effects under way at once.</summary>
    public const int MaxParallel = 64;

    /// <summary>Carries a plan out.</summary>
    /// <returns>False when the cluster is not as it was observed: the rest of the plan is void.</returns>
    public async Task<bool> ExecuteAsync(Observed observed, Plan plan, CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; i < plan.Actions.Count; )
            {
                var side = SideBySide(plan.Actions, i);
                for (
                    var (batch, from) = (1, i);
                    from < i + side;
                    from += batch, batch = Math.Min(batch * 2, MaxParallel)
                )
                {
                    batch = Math.Min(batch, i + side - from);
                    await Task.WhenAll(
                        plan.Actions.Skip(from)
                            .Take(batch)
                            .Select(a => cluster.ApplyAsync(observed, a, cancellationToken))
                    );
                }

                i += side;
            }

            return true;
        }
        catch (ClusterConflictException)
        {
            return false;
        }
    }

    /// <summary>How many actions from <paramref name="start"/> on do not depend on each other's order.</summary>
    private static int SideBySide(IReadOnlyList<PlanAction> actions, int start)
    {
        var type = actions[start].GetType();
        if (type != typeof(CreatePod) && type != typeof(DeletePod))
        {
            return 1;
        }

        var count = 1;
        while (start + count < actions.Count && actions[start + count].GetType() == type)
        {
            count++;
        }

        return count;
    }
}
