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

    // Own writes that the watch has not come to yet, by the version that they made.
    private readonly Dictionary<ObjectKey, ulong> _foreseen = [];
    private ulong _heard;
    private long _changes;

    /// <summary>Number of changes so far.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    /// <summary>
    /// True from when its place in the server's history was lost until the objects are listed anew: what happened since
    /// is unseen.
    /// </summary>
    public bool IsOutdated { get; private set; }

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

    /// <summary>Notes that the next thing to be heard is a list.</summary>
    public void Lose() => IsOutdated = true;

    /// <summary>
    /// Keeps what a write of our own was answered, unless the watch has come as far already; until it has, what it
    /// tells of the object is older and is not kept. Nobody is told: who wrote knows.
    /// </summary>
    public void Foresee(CachedObject<T> item)
    {
        lock (_lock)
        {
            if (ResourceVersion.NumberOf(item.Version) is { } version && version > _heard)
            {
                Drop(item.Key);
                Keep(item);
                _foreseen[item.Key] = version;
            }
        }
    }

    /// <summary>Keeps an object in place of what was known of it.</summary>
    public void Set(CachedObject<T> item)
    {
        RunKey? before;
        lock (_lock)
        {
            if (IsBehind(item.Key, Hear(item.Version)))
            {
                return;
            }

            before = Drop(item.Key);
            Keep(item);
        }

        Tell(before, item.Run);
    }

    /// <summary>Forgets an object that was deleted at a version.</summary>
    public void Remove(ObjectKey key, string version)
    {
        RunKey? before;
        lock (_lock)
        {
            if (IsBehind(key, Hear(version)))
            {
                return;
            }

            before = Drop(key);
        }

        Tell(before, null);
    }

    /// <summary>
    /// Keeps exactly the objects of a list, and own writes that are newer than it; tells of those that differ from what
    /// was known.
    /// </summary>
    /// <param name="items">The objects.</param>
    /// <param name="version">Version of the list.</param>
    public void Replace(IReadOnlyList<CachedObject<T>> items, string version)
    {
        var touched = new HashSet<RunKey>();
        lock (_lock)
        {
            var listed = ResourceVersion.NumberOf(version);
            if (listed < _heard)
            {
                // The server's store was put back from a backup, and counts from there.
                _foreseen.Clear();
            }

            _heard = listed ?? _heard;
            var own = _foreseen.Keys.ToHashSet();
            var newer = own.Where(key => IsBehind(key, listed)).ToHashSet();
            var gone = _objects.Keys.Where(key => !newer.Contains(key)).ToHashSet();
            foreach (var item in items.Where(i => !newer.Contains(i.Key)))
            {
                gone.Remove(item.Key);
                var isKnown = _objects.TryGetValue(item.Key, out var known) && known.Version == item.Version;
                if (isKnown && !own.Contains(item.Key))
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

        IsOutdated = false;

        foreach (var run in touched.OrderBy(r => r.ToString(), StringComparer.Ordinal))
        {
            Tell(run, null);
        }
    }

    private ulong? Hear(string version)
    {
        var number = ResourceVersion.NumberOf(version);
        _heard = Math.Max(_heard, number ?? 0);
        return number;
    }

    // What is as new as an own write has caught up with it.
    private bool IsBehind(ObjectKey key, ulong? version)
    {
        if (!_foreseen.TryGetValue(key, out var written))
        {
            return false;
        }

        if (version < written)
        {
            return true;
        }

        _foreseen.Remove(key);
        return false;
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
