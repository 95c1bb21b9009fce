using CodeParrot.Contract.Spec;
using CodeParrot.Storage;

namespace CodeParrot.Checkpoints;

/// <summary>Applies a run's retention rules to its store.</summary>
/// <param name="store">The run's store.</param>
/// <param name="ownership">The claim of this attempt.</param>
/// <param name="keep">The rules.</param>
/// <param name="published">Name, or <c>branch/name</c>, that the spec wants published; null for none.</param>
public sealed class Retention(IObjectStore store, RunOwnership ownership, RetentionSpec keep, string? published = null)
{
    /// <summary>
    /// Deletes what no rule keeps and returns it, oldest first. Nothing goes while the run has a checkpoint that a
    /// newer version of CodeParrot wrote: what that one starts from, and which rules it counts for, cannot be known.
    /// </summary>
    /// <param name="rollbackTarget"><c>branch/name</c> that a rollback in progress names, or null.</param>
    /// <param name="cancellationToken">Stops between two checkpoints.</param>
    /// <exception cref="SupersededException">A newer attempt owns the run; nothing more is deleted.</exception>
    public async Task<IReadOnlyList<CheckpointEntry>> ApplyAsync(
        string? rollbackTarget = null,
        CancellationToken cancellationToken = default
    )
    {
        var catalog = new CheckpointCatalog(store, ownership.Run);
        var (complete, newer) = await catalog.ListAllAsync(cancellationToken: cancellationToken);
        if (newer.Count > 0)
        {
            return [];
        }
        var named = await CheckpointReferences.ListAsync(store, cancellationToken);
        var prefixes = named.Select(r => r.Checkpoint).ToHashSet(StringComparer.Ordinal);
        var references = complete
            .Where(e => prefixes.Contains(e.Prefix) || e.Reference == rollbackTarget || IsPublished(e))
            .Select(e => e.Reference)
            .ToHashSet(StringComparer.Ordinal);
        var expired = RetentionPolicy.Expired(complete, keep, references);
        foreach (var entry in expired)
        {
            await ownership.VerifyAsync(cancellationToken);
            await CheckpointDeletion.DeleteAsync(store, entry.Prefix, cancellationToken);
        }
        return expired;
    }

    // A name that a person wrote into spec.publish.promote: it is published at the end, so it must last until then.
    private bool IsPublished(CheckpointEntry entry) => published == entry.Reference || published == entry.Manifest.Name;
}
