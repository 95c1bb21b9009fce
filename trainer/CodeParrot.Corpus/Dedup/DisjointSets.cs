namespace CodeParrot.Corpus.Dedup;

/// <summary>Union-find over numbers, 4 bytes each: the smallest number of a set stands for it.</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parents;

    public DisjointSets(int count)
    {
        _parents = new int[count];
        for (var i = 0; i < count; i++)
            _parents[i] = i;
    }

    /// <summary>Returns the smallest number of the set that holds this one.</summary>
    public int Find(int item)
    {
        while (_parents[item] != item)
        {
            // Path halving: each visited number skips one on the way of all later visits.
            _parents[item] = _parents[_parents[item]];
            item = _parents[item];
        }
        return item;
    }

    /// <summary>Makes one set of the two that hold these numbers.</summary>
    public void Unite(int one, int other)
    {
        (one, other) = (Find(one), Find(other));
        _parents[Math.Max(one, other)] = Math.Min(one, other);
    }
}
