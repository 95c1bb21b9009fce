using CodeParrot.Operator.Core.Cluster;

namespace CodeParrot.Operator.Watching;

/// <summary>The objects of one type as they were last heard of, by name and by run.</summary>
/// <param name="changed">
/// Told which run something changed for; must be quick, and may be called from any thread.
/// </param>
/// <typeparam name="T">What is kept of an object.</typeparam>
internal sealed class Store<T>(Action<RunKey> changed)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, CachedObject<T>> _objects = [];
    private readonly Dictionary<RunKey, SortedDictionary<string, CachedObject<T>>> _byRun = [];
    private long _changes;

    /// <summary>Number of changes so far.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>All objects, in no order.</summary>
    public IReadOnlyList<CachedObject<T>> All()
    {
        lock (_lock)
        {
            return [.. _objects.Values];
        }
    }

    /// <summary>The objects of a run, by name.</summary>
    public IReadOnlyList<T> Of(RunKey run)
    {
        lock (_lock)
        {
            return _byRun.TryGetValue(run, out var objects) ? [.. objects.Values.Select(o => o.Value)] : [];
        }
    }

    /// <summary>Keeps an object in place of what was known of it.</summary>
    public void Set(CachedObject<T> item)
    {
        RunKey? before;
        lock (_lock)
        {
            before = Drop(item.Key);
            Keep(item);
        }

        Tell(before, item.Run);
    }

    /// <summary>Forgets an object.</summary>
    public void Remove(ObjectKey key)
    {
        RunKey? before;
        lock (_lock)
        {
            before = Drop(key);
        }

        Tell(before, null);
    }

    /// <summary>Keeps exactly these objects; tells of those that differ from what was known.</summary>
    public void Replace(IReadOnlyList<CachedObject<T>> items)
    {
        var touched = new HashSet<RunKey>();
        lock (_lock)
        {
            var gone = _objects.Keys.ToHashSet();
            foreach (var item in items)
            {
                gone.Remove(item.Key);
                if (_objects.TryGetValue(item.Key, out var known) && known.Version == item.Version)
                {
                    continue;
                }

                Note(touched, Drop(item.Key));
                Note(touched, item.Run);
                Keep(item);
            }

            foreach (var key in gone)
            {
                Note(touched, Drop(key));
            }
        }

        foreach (var run in touched.OrderBy(r => r.ToString(), StringComparer.Ordinal))
        {
            Tell(run, null);
        }
    }

    private static void Note(HashSet<RunKey> touched, RunKey? run)
    {
        if (run is not null)
        {
            touched.Add(run);
        }
    }

    private void Keep(CachedObject<T> item)
    {
        _objects[item.Key] = item;
        if (item.Run is null)
        {
            return;
        }

        if (!_byRun.TryGetValue(item.Run, out var objects))
        {
            _byRun[item.Run] = objects = new SortedDictionary<string, CachedObject<T>>(StringComparer.Ordinal);
        }

        objects[item.Key.Name] = item;
    }

    private RunKey? Drop(ObjectKey key)
    {
        if (!_objects.Remove(key, out var known) || known.Run is null)
        {
            return null;
        }

        var objects = _byRun[known.Run];
        objects.Remove(key.Name);
        if (objects.Count == 0)
        {
            _byRun.Remove(known.Run);
        }

        return known.Run;
    }

    private void Tell(RunKey? before, RunKey? after)
    {
        Interlocked.Increment(ref _changes);
        if (after is not null)
        {
            changed(after);
        }

        if (before is not null && before != after)
        {
            changed(before);
        }
    }
}
