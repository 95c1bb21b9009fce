using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>
/// Deletes what lost its last owner, a while later; and before the owner where its deletion waits for that.
/// </summary>
internal sealed class GarbageCollector
{
    /// <summary>Finalizer of an object whose dependents go first.</summary>
    public const string Foreground = "foregroundDeletion";

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Scheduler _scheduler;
    private readonly ObjectStore _store;
    private readonly ObjectWriter _writer;
    private readonly Random _random;

    public GarbageCollector(Scheduler scheduler, ObjectStore store, ObjectWriter writer, Random random)
    {
        _scheduler = scheduler;
        _store = store;
        _writer = writer;
        _random = random;
        store.Listen(Notice);
    }

    private void Notice(Change change)
    {
        var it = change.Object;
        if (change.Kind == WatchEventKind.Deleted)
        {
            Later(() => Collect(_store.OwnedBy(it.Uid)));
        }
        else if (change.Kind == WatchEventKind.Added && OwnersOf(it).Count > 0)
        {
            // It may have been made for an owner that is gone already.
            Later(() => Collect(_store.Find(it.Key) is { } still ? [still] : []));
        }
        else if (it.Finalizers.Contains(Foreground) && change.Before?.IsDeleting != true)
        {
            Later(() => Finish(it.Key));
        }
    }

    private void Later(Action action) => _scheduler.After(TimeSpan.FromMilliseconds(100 + _random.Next(3000)), action);

    private void Collect(IReadOnlyList<StoredObject> dependents)
    {
        foreach (var dependent in dependents)
        {
            if (!dependent.IsDeleting && OwnersOf(dependent) is { Count: > 0 } owners && !owners.Exists(_store.Exists))
            {
                _scheduler.Tell("gc", $"deletes {dependent.Key}");
                _writer.Delete(dependent.Key, dependent.Uid, grace: null);
            }
        }
    }

    private void Finish(ObjectKey key)
    {
        if (_store.Find(key) is not { } owner || !owner.Finalizers.Contains(Foreground))
        {
            return;
        }

        var dependents = _store.OwnedBy(owner.Uid);
        foreach (var dependent in dependents.Where(d => !d.IsDeleting))
        {
            _writer.Delete(dependent.Key, dependent.Uid, grace: null);
        }

        if (dependents.Any(d => Blocks(d, owner.Uid)))
        {
            _scheduler.After(Again, () => Finish(key));
            return;
        }

        var left = new JsonArray([.. owner.Finalizers.Where(f => f != Foreground).Select(f => JsonValue.Create(f))]);
        _writer.Patch(key, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = left } });
    }

    private static bool Blocks(StoredObject dependent, string owner) =>
        dependent
            .Body.Objects("metadata", "ownerReferences")
            .Any(r => r.Text("uid") == owner && (r["blockOwnerDeletion"] as JsonValue)?.GetValue<bool>() == true);

    private static List<string> OwnersOf(StoredObject it) =>
        [.. it.Body.Objects("metadata", "ownerReferences").Select(r => r.Text("uid"))];
}
