using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>The refs of a store: <c>refs/main</c>, <c>refs/runs/…</c>.</summary>
public sealed class CheckpointReferences(IObjectStore store, TimeProvider time)
{
    private const string RefsPrefix = "refs/";
    private const int MaxTries = 10;

    /// <summary>Returns what a ref names, or null when there is no such ref.</summary>
    /// <exception cref="StoreCorruptionException">The ref is not one.</exception>
    public Task<CheckpointReference?> FindAsync(string key, CancellationToken cancellationToken = default) =>
        FindAsync(store, key, cancellationToken);

    /// <summary>
    /// Lets a ref name a checkpoint, and returns what it named before. Concurrent writers are told apart where the
    /// store has conditional writes; the last of them stands.
    /// </summary>
    /// <exception cref="CheckpointNotFoundException">
    /// The checkpoint was deleted meanwhile; the ref may name it.
    /// </exception>
    public async Task<CheckpointReference?> MoveAsync(
        string key,
        CheckpointEntry target,
        CancellationToken cancellationToken = default
    )
    {
        for (var tryIndex = 1; ; tryIndex++)
        {
            var found = await store.FindAsync(key, cancellationToken);
            var before = found is null ? null : await FindAsync(store, key, cancellationToken);
            var condition = found is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(found.ETag);
            if (await TryWriteAsync(key, target, condition, tryIndex < MaxTries, cancellationToken))
            {
                // Retention reads the refs before it deletes, so a target that still stands now stays.
                return await store.FindAsync(target.ManifestKey, cancellationToken) is null
                    ? throw new CheckpointNotFoundException(target.Reference, target.Prefix)
                    : before;
            }
        }
    }

    /// <summary>Lists what all refs of a store name.</summary>
    internal static async Task<IReadOnlyList<CheckpointReference>> ListAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    )
    {
        var references = new List<CheckpointReference>();
        await foreach (var found in store.ListAsync(RefsPrefix, cancellationToken))
        {
            if (await FindAsync(store, found.Key, cancellationToken) is { } reference)
            {
                references.Add(reference);
            }
        }
        return references;
    }

    private async Task<bool> TryWriteAsync(
        string key,
        CheckpointEntry target,
        WriteCondition condition,
        bool mayFail,
        CancellationToken cancellationToken
    )
    {
        var reference = new CheckpointReference
        {
            Checkpoint = target.Prefix,
            Digest = target.Digest,
            Step = target.Manifest.Step,
            UpdatedAt = time.GetUtcNow(),
        };
        try
        {
            await store.WriteJsonAsync(key, reference, ContractJson.Indented, condition, cancellationToken);
            return true;
        }
        catch (PreconditionFailedException) when (mayFail)
        {
            return false;
        }
    }

    private static async Task<CheckpointReference?> FindAsync(
        IObjectStore store,
        string key,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await store.ReadJsonAsync<CheckpointReference>(key, ContractJson.Indented, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }
}
