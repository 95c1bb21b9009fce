namespace CodeParrot.Operator.Watching;

/// <summary>
/// The newest version that was heard of objects of any type: a server counts all writes with one counter, so that a
/// list that is asked for afterwards and is older comes from the past.
/// </summary>
/// <remarks>
/// Where a server keeps some types in a store of their own, versions of two types do not compare: a list that is
/// believed although it seemed old says so, and from then on each type is compared with itself alone.
/// </remarks>
internal sealed class HeardVersion
{
    private readonly Lock _lock = new();
    private ulong _newest;
    private bool _isUseless;

    /// <summary>Hears a version.</summary>
    public void Hear(ulong? version)
    {
        lock (_lock)
        {
            _newest = Math.Max(_newest, version ?? 0);
        }
    }

    /// <summary>What a list that is asked for now must not be older than.</summary>
    /// <param name="own">Newest version of its own type.</param>
    public ulong? Floor(ulong? own)
    {
        lock (_lock)
        {
            return _isUseless ? own : Math.Max(_newest, own ?? 0);
        }
    }

    /// <summary>Compares types no more: a list was older than the floor again and again.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            _isUseless = true;
        }
    }
}
