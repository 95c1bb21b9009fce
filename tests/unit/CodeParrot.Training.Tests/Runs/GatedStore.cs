using CodeParrot.Storage;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A real store whose writes of some keys wait until they are let through.</summary>
internal sealed class GatedStore(IObjectStore store, string suffix) : IObjectStore
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Waiting { get; private set; }

    public StoreLocation Location => store.Location;

    public bool HasConditionalWrites => store.HasConditionalWrites;

    public void Open() => _open.TrySetResult();

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
        if (key.EndsWith(suffix, StringComparison.Ordinal))
        {
            Waiting++;
            await _open.Task.WaitAsync(cancellationToken);
        }
        return await store.WriteAsync(key, content, condition, cancellationToken);
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, CancellationToken cancellationToken = default) =>
        store.ListAsync(prefix, cancellationToken);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        store.DeleteAsync(keys, cancellationToken);

    public void Dispose() { }
}
