using CodeParrot.Storage;

namespace CodeParrot.Corpus.Documents;

/// <summary>
/// Brings document shards to this machine, each compared with its digest before it is read: what is trained on straight
/// from a store must not turn out to be damaged when its end is reached.
/// </summary>
/// <param name="store">Where the corpus is.</param>
/// <param name="prefix">The corpus's prefix.</param>
/// <param name="folder">Where shards of a store elsewhere are put, of this process alone; created when missing.</param>
public sealed class DocumentShardFiles(IObjectStore store, string prefix, string folder)
{
    /// <summary>Returns a file with a shard's bytes; give it back by <see cref="Release"/>.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="number">Keeps apart the files of a shard that is fetched twice.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <exception cref="ObjectNotFoundException">The shard is not there.</exception>
    /// <exception cref="StoreCorruptionException">Its bytes are not those that were written.</exception>
    public Task<string> FetchAsync(
        DocumentShardInfo shard,
        long number,
        CancellationToken cancellationToken = default
    ) => FetchAsync(shard.Name, shard.Sha256, number, cancellationToken);

    internal async Task<string> FetchAsync(string name, string sha256, long number, CancellationToken cancellationToken)
    {
        var key = $"{prefix}/{name}";
        if (!store.Location.IsLocal)
        {
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, $"{number}-{name}");
            await store.DownloadVerifiedFileAsync(key, file, sha256, cancellationToken);
            return file;
        }
        var path = store.Location.Below(key).Path;
        if (!File.Exists(path))
            throw new ObjectNotFoundException(store.Location, key);
        var digest = await Task.Run(() => FileDigest.Compute(path, cancellationToken), cancellationToken);
        return digest == sha256
            ? path
            : throw new StoreCorruptionException(store.Location, key, $"sha256 {sha256}", $"sha256 {digest}");
    }

    /// <summary>Deletes a file that was fetched; a local store's own stays.</summary>
    public void Release(string path)
    {
        if (!store.Location.IsLocal)
            File.Delete(path);
    }
}
