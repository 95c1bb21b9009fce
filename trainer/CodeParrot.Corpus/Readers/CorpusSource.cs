using CodeParrot.Storage;

namespace CodeParrot.Corpus.Readers;

/// <summary>Opens the source of a corpus.</summary>
public static class CorpusSource
{
    /// <summary>
    /// Opens a source: <see cref="StoreOptions.Uri"/> names a file, a folder, an object or a prefix
    /// (<c>s3://bucket/prefix</c>). Nothing is read yet; the caller disposes it.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public static ISourceTree Open(StoreOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var location = StoreLocation.Parse(options.Uri);
        if (location.IsLocal)
            return new LocalSourceTree(location.Path);
        // An object and a prefix look alike, so the store is opened at the bucket.
        var bucket = ObjectStores.Open(options with { Uri = $"s3://{location.Bucket}" }, time);
        return new StoreSourceTree(bucket, location.Path);
    }

    /// <summary>
    /// Opens what lies in a store below a prefix, or the one object of that key. The store stays the caller's.
    /// </summary>
    public static ISourceTree Open(IObjectStore store, string key)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Location.IsLocal
            ? new LocalSourceTree(store.Location.Below(key).Path)
            : new StoreSourceTree(store, key.Trim('/'), ownsStore: false);
    }
}
