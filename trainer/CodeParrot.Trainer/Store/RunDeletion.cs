using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Trainer.Store;

/// <summary>
/// Deletes all objects of a run. Corpora and tokenizers stay: they are named by their content, and other runs use them.
/// </summary>
internal sealed class RunDeletion(IObjectStore store, RunLocation run, TimeProvider time)
{
    /// <summary>Deletes the run's objects; those of a run of another UID are left alone.</summary>
    /// <param name="uid">UID of the run; empty does not ask whose they are.</param>
    /// <param name="cancellationToken">Stops between two requests; the next call goes on.</param>
    public async Task<StoreTask> RunAsync(string uid, CancellationToken cancellationToken)
    {
        if (uid.Length > 0 && await OwnerAsync(cancellationToken) is { } owner && owner.RunUid != uid)
        {
            return Done(0, $"{run.Prefix} belongs to a run of UID {owner.RunUid} and is left alone");
        }

        var keys = new List<string>();
        await foreach (var found in store.ListAsync(run.Prefix + "/", cancellationToken))
        {
            keys.Add(found.Key);
        }

        await DeleteReferencesAsync(cancellationToken);
        // Manifests first: from here on no checkpoint exists, whatever a crash leaves behind. The owner last: until
        // then a second try knows whose the rest is.
        foreach (var group in keys.GroupBy(Order).OrderBy(g => g.Key))
        {
            await store.DeleteAsync([.. group], cancellationToken);
        }

        return Done(keys.Count, $"{keys.Count} objects of {run.Prefix} are deleted");
    }

    private int Order(string key) =>
        key == run.OwnerKey ? 2
        : key.EndsWith("/" + CheckpointManifest.FileName, StringComparison.Ordinal) ? 0
        : 1;

    private async Task DeleteReferencesAsync(CancellationToken cancellationToken)
    {
        var references = new CheckpointReferences(store, time);
        foreach (var key in new[] { StorePaths.RunRef(run.Namespace, run.Run), StorePaths.MainRef })
        {
            var named = await references.FindAsync(key, cancellationToken);
            if (named?.Checkpoint.StartsWith(run.Prefix + "/", StringComparison.Ordinal) == true)
            {
                await store.DeleteAsync([key], cancellationToken);
            }
        }
    }

    private async Task<RunOwner?> OwnerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadJsonAsync<RunOwner>(run.OwnerKey, ContractJson.Indented, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    private StoreTask Done(int deleted, string message) => new(new { deleted, prefix = run.Prefix }, message);
}
