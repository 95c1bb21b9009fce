using CodeParrot.Storage;
using CodeParrot.Training.Tests.Runs;

namespace CodeParrot.Corpus.Tests.Parts;

/// <summary>A store that says what is about to be written or deleted; what it calls may throw.</summary>
internal sealed class HookedStore(IObjectStore store, Func<string, Task> beforeChange) : PassingStore(store)
{
    private readonly IObjectStore _store = store;

    public override async Task<ObjectInfo> WriteAsync(
        string key,
        Stream content,
        WriteCondition condition = default,
        CancellationToken cancellationToken = default
    )
    {
        await beforeChange(key);
        return await _store.WriteAsync(key, content, condition, cancellationToken);
    }

    public override async Task DeleteAsync(
        IReadOnlyCollection<string> keys,
        CancellationToken cancellationToken = default
    )
    {
        // One at a time, as a store of many may be stopped in between.
        foreach (var key in keys)
        {
            await beforeChange(key);
            await _store.DeleteAsync([key], cancellationToken);
        }
    }
}
