using System.Runtime.CompilerServices;

namespace CodeParrot.Storage;

/// <summary>A view of a store rooted below a prefix. Disposing it leaves the store open.</summary>
internal sealed class PrefixedStore(IObjectStore store, string prefix) : IObjectStore
{
    // Always ends in a slash.
    private readonly string _prefix = prefix.TrimEnd('/') + "/";

    public StoreLocation Location { get; } = store.Location.Below(prefix);

    public bool HasConditionalWrites => store.HasConditionalWrites;

    public async Task<ObjectInfo?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        await store.FindAsync(Full(key), cancellationToken) is { } found ? found with { Key = key } : null;

    public Task<Stream> OpenReadAsync(
        string key,
        long offset = 0,
        long? length = null,
        CancellationToken cancellationToken = default
    ) => store.OpenReadAsync(Full(key), offset, length, cancellationToken);

    public async Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    ) => await store.WriteAsync(Full(key), content, condition, cancellationToken) with { Key = key };

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        StoreKey.ValidatePrefix(prefix);
        await foreach (var found in store.ListAsync(_prefix + prefix, cancellationToken))
            yield return found with
            {
                Key = found.Key[_prefix.Length..],
            };
    }

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken = default) =>
        store.DeleteAsync([.. keys.Select(Full)], cancellationToken);

    public void Dispose() { }

    private string Full(string key)
    {
        StoreKey.Validate(key);
        return _prefix + key;
    }
}
