using CodeParrot.Storage;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A real store that refuses to read what lies in checkpoints, but for their manifests.</summary>
internal sealed class UnreadStore(IObjectStore store) : IObjectStore
{
    public StoreLocation Location => store.Location;

    public bool HasConditionalWrites => store.HasConditionalWrites;

    public Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        store.FindAsync(key, cancellationToken);

    public Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    ) =>
        key.Contains("/branches/", StringComparison.Ordinal)
        && !key.EndsWith("/manifest.json", StringComparison.Ordinal)
            ? throw new InvalidOperationException($"{key} was read")
            : store.OpenReadAsync(key, offset, length, cancellationToken);

    public Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    ) => store.WriteAsync(key, content, condition, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        store.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(keys, cancellationToken);

    public void Dispose() { }
}
