using CodeParrot.Contract.Store;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>The complete checkpoints of a run. A prefix without a manifest does not exist here.</summary>
/// <param name="store">The run's store.</param>
/// <param name="run">The run.</param>
/// <param name="damaged">Told of every checkpoint that is skipped because it is damaged.</param>
public sealed class CheckpointCatalog(
    IObjectStore store,
    RunLocation run,
    Action<CheckpointCorruptException>? damaged = null
)
{
    /// <summary>
    /// Lists the checkpoints of a branch, or of all branches, newest first: by step, then by attempt. Those that a
    /// newer version of CodeParrot wrote are left out.
    /// </summary>
    public async Task<IReadOnlyList<CheckpointEntry>> ListAsync(
        string? branch = null,
        CancellationToken cancellationToken = default
    ) => (await ListAllAsync(branch, cancellationToken)).Complete;

    /// <summary>Lists the same, and beside them what this build cannot read.</summary>
    public async Task<CheckpointListing> ListAllAsync(
        string? branch = null,
        CancellationToken cancellationToken = default
    )
    {
        var entries = new List<CheckpointEntry>();
        var newer = new List<CheckpointFormatException>();
        var root = branch is null ? run.BranchesPrefix : $"{run.BranchesPrefix}{branch}/";
        var suffix = "/" + CheckpointManifest.FileName;
        await foreach (var found in store.ListAsync(root, cancellationToken))
        {
            if (!found.Key.EndsWith(suffix, StringComparison.Ordinal))
            {
                continue;
            }
            try
            {
                var prefix = found.Key[..^suffix.Length];
                // Null when it was deleted since it was listed.
                if (await CheckpointManifests.FindAsync(store, prefix, cancellationToken) is { } entry)
                {
                    entries.Add(entry);
                }
            }
            catch (CheckpointCorruptException e)
            {
                damaged?.Invoke(e);
            }
            catch (CheckpointFormatException e)
            {
                newer.Add(e);
            }
        }
        var newestFirst = entries
            .OrderByDescending(e => e.Manifest.Step)
            .ThenByDescending(e => e.Manifest.Attempt)
            .ThenByDescending(e => e.Manifest.CreatedAt);
        // Their manifests say nothing to us, but names sort by step.
        return new CheckpointListing(
            [.. newestFirst],
            [.. newer.OrderByDescending(e => e.Key, StringComparer.Ordinal)]
        );
    }

    /// <summary>
    /// Names every checkpoint of the run that has a manifest, <c>branch/name</c>, newest first by their names; nothing
    /// else is read.
    /// </summary>
    public async Task<IReadOnlyList<string>> ListReferencesAsync(CancellationToken cancellationToken = default)
    {
        var suffix = "/" + CheckpointManifest.FileName;
        var references = new List<string>();
        await foreach (var found in store.ListAsync(run.BranchesPrefix, cancellationToken))
        {
            if (found.Key.EndsWith(suffix, StringComparison.Ordinal))
            {
                references.Add(found.Key[run.BranchesPrefix.Length..^suffix.Length]);
            }
        }
        // A name begins with its step.
        return [.. references.OrderByDescending(r => r[(r.IndexOf('/') + 1)..], StringComparer.Ordinal)];
    }

    /// <summary>Returns a checkpoint by <c>branch/name</c>; its objects are not looked at.</summary>
    /// <exception cref="CheckpointNotFoundException">There is none of this name.</exception>
    /// <exception cref="CheckpointCorruptException">Its manifest is damaged.</exception>
    /// <exception cref="CheckpointFormatException">A newer version wrote it.</exception>
    public async Task<CheckpointEntry> GetAsync(string reference, CancellationToken cancellationToken = default) =>
        await CheckpointManifests.FindAsync(store, run.CheckpointPrefix(reference), cancellationToken)
        ?? throw new CheckpointNotFoundException(reference, run.Prefix, await ListReferencesAsync(cancellationToken));

    /// <summary>
    /// Returns the checkpoint to roll back to: of this step on the branch, or on the branches that it goes back to.
    /// </summary>
    /// <exception cref="CheckpointNotFoundException">There is none of this step.</exception>
    public async Task<CheckpointEntry> GetStepAsync(
        string branch,
        long step,
        CancellationToken cancellationToken = default
    )
    {
        var all = await ListAsync(cancellationToken: cancellationToken);
        var limit = long.MaxValue;
        for (string? current = branch; current is not null; )
        {
            var line = all.Where(e => e.Manifest.Branch == current && e.Manifest.Step <= limit).ToList();
            if (line.Find(e => e.Manifest.Step == step) is { } found)
            {
                return found;
            }
            var parent = line.Select(e => e.Manifest.Parent).LastOrDefault(p => p.Length > 0 && BranchOf(p) != current);
            // A step after the fork belongs to another line of the older branch.
            limit = all.FirstOrDefault(e => e.Reference == parent)?.Manifest.Step ?? -1;
            current = parent is null ? null : BranchOf(parent);
        }
        throw new CheckpointNotFoundException($"of step {step} on branch {branch}", run.Prefix);
    }

    /// <summary>
    /// Returns the newest checkpoint of a branch whose objects are all what its manifest says, or null when the branch
    /// has none. Damaged ones are named and skipped.
    /// </summary>
    /// <exception cref="CheckpointFormatException">A newer version went on with the branch.</exception>
    public async Task<CheckpointEntry?> NewestUsableAsync(string branch, CancellationToken cancellationToken = default)
    {
        var listing = await ListAllAsync(branch, cancellationToken);
        if (listing.Newer.Count > 0)
        {
            throw listing.Newer[0];
        }
        foreach (var entry in listing.Complete)
        {
            try
            {
                await CheckpointVerifier.VerifyAsync(store, entry, cancellationToken);
                return entry;
            }
            catch (CheckpointCorruptException e)
            {
                damaged?.Invoke(e);
            }
        }
        return null;
    }

    /// <summary>
    /// Returns what an attempt goes on from: the newest usable checkpoint of its branch, or else the one that the
    /// branch starts from, or null for a fresh start.
    /// </summary>
    /// <param name="branch">The attempt's branch.</param>
    /// <param name="startFrom">After a rollback, <c>branch/name</c> of its target; null otherwise.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="CheckpointNotFoundException">The rollback's target does not exist.</exception>
    /// <exception cref="CheckpointFormatException">
    /// A newer version went on with the branch, or wrote the rollback's target.
    /// </exception>
    /// <exception cref="CheckpointCorruptException">
    /// The rollback's target is damaged: a person chose that step, so another is not taken in its place.
    /// </exception>
    public async Task<CheckpointEntry?> ResolveStartAsync(
        string branch,
        string? startFrom,
        CancellationToken cancellationToken = default
    )
    {
        if (await NewestUsableAsync(branch, cancellationToken) is { } own)
        {
            return own;
        }
        if (string.IsNullOrEmpty(startFrom))
        {
            return null;
        }
        var target = await GetAsync(startFrom, cancellationToken);
        await CheckpointVerifier.VerifyAsync(store, target, cancellationToken);
        return target;
    }

    private static string BranchOf(string reference) => reference[..reference.IndexOf('/', StringComparison.Ordinal)];
}
