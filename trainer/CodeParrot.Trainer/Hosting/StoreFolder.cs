using CodeParrot.Storage;

namespace CodeParrot.Trainer.Hosting;

/// <summary>Folders of small files between a store and this machine.</summary>
internal static class StoreFolder
{
    private const string OptimizerFile = "optimizer.safetensors";

    /// <summary>
    /// Fetches the objects directly below a prefix into a folder, which is created; an optimiser's state, which only a
    /// resume needs and which is twice the model, stays where it is.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">There are none.</exception>
    public static async Task DownloadAsync(
        IObjectStore store,
        string prefix,
        string folder,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(folder);
        var root = prefix.Length == 0 ? "" : prefix + "/";
        var any = false;
        await foreach (var found in store.ListAsync(root, cancellationToken))
        {
            var name = found.Key[root.Length..];
            if (!name.Contains('/') && name != OptimizerFile)
            {
                any = true;
                await store.DownloadFileAsync(found.Key, Path.Combine(folder, name), cancellationToken);
            }
        }

        if (!any)
        {
            throw new ObjectNotFoundException(store.Location, root);
        }
    }

    /// <summary>Stores a folder's files below a prefix; the one that says "complete" last.</summary>
    public static async Task UploadAsync(
        IObjectStore store,
        string folder,
        string prefix,
        string last,
        CancellationToken cancellationToken
    )
    {
        foreach (var path in Directory.GetFiles(folder).OrderBy(p => Path.GetFileName(p) == last).ThenBy(p => p))
        {
            var key = $"{prefix}/{Path.GetFileName(path)}";
            await store.UploadFileAsync(key, path, cancellationToken: cancellationToken);
        }
    }
}
