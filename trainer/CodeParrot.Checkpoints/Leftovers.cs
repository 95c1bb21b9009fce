using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>Objects that writers left which crashed before their manifest.</summary>
public static class Leftovers
{
    /// <summary>
    /// Deletes what lies below checkpoint prefixes without a manifest, and returns those prefixes. Call it after the
    /// claim and before this attempt's first write: whoever wrote them is dead or superseded then.
    /// </summary>
    public static async Task<IReadOnlyList<string>> SweepAsync(
        IObjectStore store,
        RunOwnership ownership,
        CancellationToken cancellationToken = default
    )
    {
        var root = ownership.Run.BranchesPrefix;
        var complete = new HashSet<string>(StringComparer.Ordinal);
        var prefixes = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var found in store.ListAsync(root, cancellationToken))
        {
            // branch/name/file, and nothing else, is a checkpoint's object.
            var parts = found.Key[root.Length..].Split('/');
            if (parts.Length < 3)
            {
                continue;
            }
            var prefix = $"{root}{parts[0]}/{parts[1]}";
            prefixes.Add(prefix);
            if (parts is [_, _, CheckpointManifest.FileName])
            {
                complete.Add(prefix);
            }
        }
        prefixes.ExceptWith(complete);
        foreach (var prefix in prefixes)
        {
            await CheckpointDeletion.DeleteAsync(store, prefix, cancellationToken);
        }
        return [.. prefixes];
    }
}
