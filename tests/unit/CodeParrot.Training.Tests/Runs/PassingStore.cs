using CodeParrot.Storage;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A store that passes everything on to a real one, but for what a test changes.</summary>
internal abstract class PassingStore(IObjectStore store) : IObjectStore
{
    public virtual StoreLocation Location => store.Location;

    public virtual bool HasConditionalWrites => store.HasConditionalWrites;

    public Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        store.FindAsync(key, cancellationToken);

    public virtual Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    ) => store.OpenReadAsync(key, offset, length, cancellationToken);

    public virtual Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    ) => store.WriteAsync(key, content, condition, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        store.ListAsync(prefix, cancellationToken);

    public virtual Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(keys, cancellationToken);

    public virtual void Dispose() { }
}
