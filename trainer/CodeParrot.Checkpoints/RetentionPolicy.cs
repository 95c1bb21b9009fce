using CodeParrot.Contract.Spec;

namespace CodeParrot.Checkpoints;

/// <summary>Decides which checkpoints go. Pure: it reads nothing and deletes nothing.</summary>
public static class RetentionPolicy
{
    /// <summary>
    /// Returns the checkpoints that no rule keeps, oldest first. Kept are the newest of each branch, multiples of a
    /// step, the best by evaluation loss, what a branch started from, and what is protected by name.
    /// </summary>
    /// <param name="complete">All complete checkpoints of the run, all branches, in any order.</param>
    /// <param name="keep">The rules.</param>
    /// <param name="protectedReferences"><c>branch/name</c> of those that refs and rollbacks name.</param>
    public static IReadOnlyList<CheckpointEntry> Expired(
        IReadOnlyList<CheckpointEntry> complete,
        RetentionSpec keep,
        IReadOnlySet<string> protectedReferences
    )
    {
        var kept = new HashSet<CheckpointEntry>();
        foreach (var branch in complete.GroupBy(e => e.Manifest.Branch))
        {
            // At least one, whatever the spec says: the last complete checkpoint is never deleted.
            kept.UnionWith(NewestFirst(branch).Take(Math.Max(1, keep.Last)));
        }
        if (keep.EverySteps > 0)
        {
            kept.UnionWith(complete.Where(e => e.Manifest.Step % keep.EverySteps == 0));
        }
        kept.UnionWith(
            NewestFirst(complete)
                .Where(e => e.Manifest.EvalLoss is { } loss && double.IsFinite(loss))
                .OrderBy(e => e.Manifest.EvalLoss)
                .Take(keep.Best)
        );
        var forks = complete
            .Where(e => !e.Manifest.Parent.StartsWith(e.Manifest.Branch + "/", StringComparison.Ordinal))
            .Select(e => e.Manifest.Parent)
            .ToHashSet(StringComparer.Ordinal);
        kept.UnionWith(complete.Where(e => forks.Contains(e.Reference) || protectedReferences.Contains(e.Reference)));
        return [.. NewestFirst(complete).Where(e => !kept.Contains(e)).Reverse()];
    }

    private static IOrderedEnumerable<CheckpointEntry> NewestFirst(IEnumerable<CheckpointEntry> entries) =>
        entries.OrderByDescending(e => e.Manifest.Step).ThenByDescending(e => e.Manifest.Attempt);
}
