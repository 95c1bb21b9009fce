using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>What etcd is to an API server: the objects, one version for all of them, and their history.</summary>
internal sealed class ObjectStore
{
    private readonly Dictionary<ObjectKey, StoredObject> _objects = [];
    private readonly List<Change> _history = [];
    private readonly List<Action<Change>> _listeners = [];

    /// <summary>Gets the version of the newest change.</summary>
    public long Version { get; private set; } = 1000;

    /// <summary>Gets the version up to which history is forgotten.</summary>
    public long Compacted { get; private set; } = 1000;

    /// <summary>Calls a listener after each change from now on.</summary>
    public void Listen(Action<Change> listener) => _listeners.Add(listener);

    public StoredObject? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    /// <summary>All objects of a type, in the order of their names.</summary>
    public IEnumerable<StoredObject> All(ResourceType type) => Sort(_objects.Values.Where(o => o.Key.Type == type));

    /// <summary>All objects that name an owner.</summary>
    public IReadOnlyList<StoredObject> OwnedBy(string uid) =>
        [
            .. Sort(
                _objects.Values.Where(o => o.Body.Objects("metadata", "ownerReferences").Any(r => r.Text("uid") == uid))
            ),
        ];

    /// <summary>True while an object of this UID exists.</summary>
    public bool Exists(string uid) => _objects.Values.Any(o => o.Uid == uid);

    /// <summary>Objects of a type as they were at a version that is not forgotten.</summary>
    public IReadOnlyList<StoredObject> At(ResourceType type, long version)
    {
        var then = new Dictionary<ObjectKey, StoredObject>();
        foreach (var now in _objects.Values.Where(o => o.Key.Type == type))
        {
            then[now.Key] = now;
        }

        for (var i = _history.Count - 1; i >= 0 && _history[i].Object.Version > version; i--)
        {
            var change = _history[i];
            if (change.Object.Key.Type == type)
            {
                if (change.Before is { } before)
                {
                    then[before.Key] = before;
                }
                else
                {
                    then.Remove(change.Object.Key);
                }
            }
        }

        return [.. Sort(then.Values)];
    }

    /// <summary>Changes of a type after a version, oldest first.</summary>
    public IEnumerable<Change> Since(ResourceType type, long version)
    {
        var first = _history.FindLastIndex(c => c.Object.Version <= version) + 1;
        return _history.Skip(first).Where(c => c.Object.Key.Type == type);
    }

    /// <summary>Forgets history up to a version.</summary>
    public void Compact(long version)
    {
        Compacted = Math.Max(Compacted, version);
        _history.RemoveAll(c => c.Object.Version <= version);
    }

    /// <summary>Writes an object's next version; the body becomes the store's.</summary>
    public StoredObject Put(ObjectKey key, JsonObject body)
    {
        var before = Find(key);
        body.Child("metadata")["resourceVersion"] = $"{++Version}";
        var stored = new StoredObject(key, body, Version);
        _objects[key] = stored;
        Add(new Change(before is null ? WatchEventKind.Added : WatchEventKind.Modified, stored, before));
        return stored;
    }

    /// <summary>Removes an object.</summary>
    public void Remove(StoredObject last)
    {
        _objects.Remove(last.Key);
        var body = (JsonObject)last.Body.DeepClone();
        body.Child("metadata")["resourceVersion"] = $"{++Version}";
        Add(new Change(WatchEventKind.Deleted, new StoredObject(last.Key, body, Version), last));
    }

    private static IOrderedEnumerable<StoredObject> Sort(IEnumerable<StoredObject> objects) =>
        objects
            .OrderBy(o => o.Key.Type.Plural, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Name, StringComparer.Ordinal);

    private void Add(Change change)
    {
        _history.Add(change);
        _listeners.ForEach(l => l(change));
    }
}
