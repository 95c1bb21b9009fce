using System.Security.Cryptography;
using System.Text.Json;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>Writes checkpoints so that each exists whole or not at all: objects first, the manifest last.</summary>
public sealed class CheckpointWriter(IObjectStore store, RunOwnership ownership, TimeProvider time)
{
    /// <summary>
    /// Writes a checkpoint and returns when it is durable. One of the same name that is whole is left as it is and
    /// returned; a damaged one is replaced.
    /// </summary>
    /// <param name="draft">The manifest but for objects, owner and time, which are filled in here.</param>
    /// <param name="sources">Its objects, written one after the other.</param>
    /// <param name="cancellationToken">Gives up; what was written so far is swept by a later attempt.</param>
    /// <exception cref="SupersededException">A newer attempt owns the run; the checkpoint does not exist.</exception>
    /// <exception cref="StoreFullException">
    /// No room; the checkpoint does not exist, older ones are untouched.
    /// </exception>
    public async Task<CheckpointEntry> WriteAsync(
        CheckpointManifest draft,
        IReadOnlyList<CheckpointSource> sources,
        CancellationToken cancellationToken = default
    )
    {
        await ownership.VerifyAsync(cancellationToken);
        var prefix = ownership.Run.CheckpointPrefix($"{draft.Branch}/{draft.Name}");
        if (await FindWholeAsync(prefix, cancellationToken) is { } whole)
        {
            return whole;
        }
        var objects = new List<CheckpointObject>(sources.Count);
        foreach (var source in sources)
        {
            objects.Add(await WriteObjectAsync(prefix, source, cancellationToken));
        }
        var manifest = draft with
        {
            RunUid = ownership.Self.RunUid,
            Attempt = ownership.Self.Attempt,
            CreatedAt = time.GetUtcNow(),
            Objects = objects,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented);
        // Asked as late as can be: a successor may have begun while the objects travelled.
        await ownership.VerifyAsync(cancellationToken);
        var key = $"{prefix}/{CheckpointManifest.FileName}";
        await store.WriteBytesAsync(key, bytes, WriteCondition.IfAbsent, cancellationToken);
        return new CheckpointEntry(prefix, manifest, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private async Task<CheckpointEntry?> FindWholeAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            var entry = await CheckpointManifests.FindAsync(store, prefix, cancellationToken);
            if (entry is not null)
            {
                await CheckpointVerifier.VerifyAsync(store, entry, cancellationToken);
            }
            return entry;
        }
        catch (CheckpointCorruptException)
        {
            await CheckpointDeletion.DeleteAsync(store, prefix, cancellationToken);
            return null;
        }
    }

    private async Task<CheckpointObject> WriteObjectAsync(
        string prefix,
        CheckpointSource source,
        CancellationToken cancellationToken
    )
    {
        await using var content = new DigestStream(source.Open());
        await store.WriteAsync($"{prefix}/{source.Name}", content, WriteCondition.Always, cancellationToken);
        return new CheckpointObject(source.Name, content.SizeBytes, content.Finish());
    }
}
