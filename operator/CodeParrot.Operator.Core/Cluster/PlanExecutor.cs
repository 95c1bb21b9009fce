using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Cluster;

/// <summary>
/// Carries a plan out in its order, and ends at the first effect that fails. Neighbouring pods are made, or deleted,
/// side by side: each one that went well lets one more be under way, so that one that cannot be made at all costs one
/// request, not a thousand, and a slow one holds no others up.
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
                await ApplyAsync(observed, [.. plan.Actions.Skip(i).Take(side)], cancellationToken);
                i += side;
            }

            return true;
        }
        catch (ClusterConflictException)
        {
            return false;
        }
    }

    private async Task ApplyAsync(
        Observed observed,
        IReadOnlyList<PlanAction> actions,
        CancellationToken cancellationToken
    )
    {
        var underWay = new List<Task>(MaxParallel);
        for (var (next, allowed) = (0, 1); next < actions.Count || underWay.Count > 0; )
        {
            while (next < actions.Count && underWay.Count < allowed)
            {
                underWay.Add(cluster.ApplyAsync(observed, actions[next++], cancellationToken));
            }

            var done = await Task.WhenAny(underWay);
            if (!done.IsCompletedSuccessfully)
            {
                // What is under way ends before anybody looks again; the first failure is the one that is told.
                await Task.WhenAll([done, .. underWay]);
            }

            underWay.Remove(done);
            allowed = Math.Min(allowed + 1, MaxParallel);
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
