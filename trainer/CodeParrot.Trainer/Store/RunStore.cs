using CodeParrot.Checkpoints;
using CodeParrot.Contract.Store;
using CodeParrot.Storage;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Store;

/// <summary>A run's part of a store, as commands and the later stages look at it.</summary>
internal sealed record RunStore(IObjectStore Store, RunLocation Location)
{
    /// <summary>What a user may say for the newest checkpoint.</summary>
    public const string Newest = "newest";

    public CheckpointCatalog Catalog { get; } = new(Store, Location, damaged => Warn(damaged.Message));

    /// <summary>Says on standard error why a checkpoint is not among those that can be used.</summary>
    public static void Warn(string message) => Console.Error.WriteLine($"not usable: {message}");

    /// <summary>Finds a checkpoint by <c>branch/name</c>, by name, or the newest of all or of a branch.</summary>
    /// <exception cref="CheckpointNotFoundException">There is none.</exception>
    /// <exception cref="CheckpointFormatException">
    /// It was written by a newer version, or any was where the newest is wanted: nobody knows which that is.
    /// </exception>
    public async Task<CheckpointEntry> FindAsync(
        string wanted,
        CancellationToken cancellationToken,
        string? branch = null
    )
    {
        if (wanted.Contains('/'))
        {
            return await Catalog.GetAsync(wanted, cancellationToken);
        }

        var (entries, newer) = await Catalog.ListAllAsync(branch, cancellationToken);
        return
            newer.FirstOrDefault(e => wanted == Newest || e.Key.Contains($"/{wanted}/", StringComparison.Ordinal))
                is { } unreadable
            ? throw unreadable
            : entries.FirstOrDefault(e => wanted == Newest || e.Manifest.Name == wanted)
                ?? throw new CheckpointNotFoundException(
                    wanted,
                    Location.Prefix,
                    [.. entries.Select(e => e.Reference)]
                );
    }

    /// <summary>Lets the store's main ref, and the run's own, name a checkpoint.</summary>
    public async Task PromoteAsync(CheckpointEntry entry, TimeProvider time, CancellationToken cancellationToken)
    {
        var references = new CheckpointReferences(Store, time);
        await references.MoveAsync(StorePaths.RunRef(Location.Namespace, Location.Run), entry, cancellationToken);
        await references.MoveAsync(StorePaths.MainRef, entry, cancellationToken);
    }

    /// <summary>Where a checkpoint's folder is, for people: a path, or a URI.</summary>
    public string FolderOf(CheckpointEntry entry) => PlaceOf(entry.Prefix);

    /// <summary>Where a key is, for people: a path, or a URI.</summary>
    public string PlaceOf(string key)
    {
        var place = Store.Location.Below(key);
        return place.IsLocal ? place.Path : place.ToString();
    }

    /// <summary>
    /// The newest checkpoint of an attempt's branch, or the one that a rolled-back branch starts from while it has none
    /// of its own.
    /// </summary>
    /// <exception cref="CheckpointNotFoundException">There is neither.</exception>
    public async Task<CheckpointEntry> FindCurrentAsync(PodEnvironment pod, CancellationToken cancellationToken)
    {
        var own = await Catalog.ListAsync(pod.Branch, cancellationToken);
        return own.Count > 0 ? own[0] : await FindAsync(pod.StartFrom ?? Newest, cancellationToken, pod.Branch);
    }
}
