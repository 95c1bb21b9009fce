using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>Deletes checkpoints.</summary>
public static class CheckpointDeletion
{
    /// <summary>
    /// Deletes the manifest, then everything else below a checkpoint's prefix, so that a crash in between leaves
    /// leftovers and never a manifest over nothing.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="prefix">The checkpoint's prefix, without a slash at its end.</param>
    /// <param name="cancellationToken">Stops between the two.</param>
    public static async Task DeleteAsync(
        IObjectStore store,
        string prefix,
        CancellationToken cancellationToken = default
    )
    {
        await store.DeleteAsync([$"{prefix}/{CheckpointManifest.FileName}"], cancellationToken);
        var keys = new List<string>();
        await foreach (var found in store.ListAsync(prefix + "/", cancellationToken))
        {
            keys.Add(found.Key);
        }
        if (keys.Count > 0)
        {
            await store.DeleteAsync(keys, cancellationToken);
        }
    }
}
