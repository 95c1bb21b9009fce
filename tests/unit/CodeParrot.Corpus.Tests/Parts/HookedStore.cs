using CodeParrot.Storage;

namespace CodeParrot.Corpus.Tests.Parts;

/// <summary>A store that says what is about to be written or deleted; what it calls may throw.</summary>
internal sealed class HookedStore(IObjectStore store, Func<string, Task> beforeChange) : IObjectStore
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
    ) => store.OpenReadAsync(key, offset, length, cancellationToken);

    public async Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        await beforeChange(key);
        return await store.WriteAsync(key, content, condition, cancellationToken);
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        store.ListAsync(prefix, cancellationToken);

    public async Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default)
    {
        // One at a time, as a store of many may be stopped in between.
        foreach (var key in keys)
        {
            await beforeChange(key);
            await store.DeleteAsync([key], cancellationToken);
        }
    }

    public void Dispose() { }
}
