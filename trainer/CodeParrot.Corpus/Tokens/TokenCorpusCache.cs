using System.Security.Cryptography;
using CodeParrot.Corpus.Documents;
using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tokens;

/// <summary>Brings a token corpus from its store to a local folder, every shard verified by its digest.</summary>
public static class TokenCorpusCache
{
    /// <summary>
    /// Returns the local folder for <see cref="TokenCorpus.Open"/>. A local store is read in place; from any other the
    /// shards that <paramref name="folder"/> lacks are fetched. Safe when several processes fetch into one folder.
    /// </summary>
    /// <param name="store">Where the corpus is.</param>
    /// <param name="prefix">The token corpus's prefix in it.</param>
    /// <param name="folder">The cache, created when missing; it is to hold this one corpus.</param>
    /// <param name="cancellationToken">Stops the fetching.</param>
    /// <exception cref="ObjectNotFoundException">The corpus is not there, or not complete.</exception>
    /// <exception cref="StoreCorruptionException">A shard's bytes are not those that were written.</exception>
    public static async Task<string> FetchAsync(
        IObjectStore store,
        string prefix,
        string folder,
        CancellationToken cancellationToken = default
    )
    {
        var manifestKey = $"{prefix}/{TokenManifest.FileName}";
        var manifest = await store.ReadJsonAsync<TokenManifest>(manifestKey, CorpusJson.Manifest, cancellationToken);
        var isLocal = store.Location.IsLocal;
        var target = isLocal ? store.Location.Below(prefix).Path : folder;
        foreach (var shard in manifest.Train.Concat(manifest.Validation))
        {
            var key = $"{prefix}/{shard.Name}";
            if (isLocal)
                await VerifyAsync(store, key, Path.Combine(target, shard.Name), shard, cancellationToken);
            else
                await FetchShardAsync(store, key, Path.Combine(target, shard.Name), shard, cancellationToken);
        }
        if (!isLocal)
            await store.DownloadFileAsync(manifestKey, Path.Combine(target, TokenManifest.FileName), cancellationToken);
        return target;
    }

    private static async Task FetchShardAsync(
        IObjectStore store,
        string key,
        string path,
        TokenShardInfo shard,
        CancellationToken cancellationToken
    )
    {
        // What lies in a cache may have rotted there: it is replaced, not reported.
        if (File.Exists(path) && await DigestAsync(path, cancellationToken) == shard.Sha256)
            return;
        var unverified = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.unverified";
        try
        {
            await store.DownloadFileAsync(key, unverified, cancellationToken);
            await VerifyAsync(store, key, unverified, shard, cancellationToken);
            File.Move(unverified, path, overwrite: true);
        }
        finally
        {
            File.Delete(unverified);
        }
    }

    private static async Task VerifyAsync(
        IObjectStore store,
        string key,
        string path,
        TokenShardInfo shard,
        CancellationToken cancellationToken
    )
    {
        if (!File.Exists(path))
            throw new ObjectNotFoundException(store.Location, key);
        var digest = await DigestAsync(path, cancellationToken);
        if (digest != shard.Sha256)
            throw new StoreCorruptionException(store.Location, key, $"sha256 {shard.Sha256}", $"sha256 {digest}");
    }

    private static Task<string> DigestAsync(string path, CancellationToken cancellationToken) =>
        Task.Run(() => FileDigest.Compute(path, cancellationToken), cancellationToken);
}
