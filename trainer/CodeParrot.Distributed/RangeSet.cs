namespace CodeParrot.Distributed;

/// <summary>
/// Ranges without overlap, adjacent ones joined; few at any time, since backward walks the buffer in one direction.
/// </summary>
internal sealed class RangeSet
{
    private readonly List<(long Start, long End)> _ranges = [];

    public bool IsEmpty => _ranges.Count == 0;

    /// <summary>Adds a range; false, and nothing changed, if a part of it is there already.</summary>
    public bool TryAdd(long offset, long count)
    {
        var (start, end) = (offset, offset + count);
        if (count == 0)
        {
            return true;
        }

        var index = 0;
        while (index < _ranges.Count && _ranges[index].End <= start)
        {
            index++;
        }

        if (index < _ranges.Count && _ranges[index].Start < end)
        {
            return false;
        }

        if (index < _ranges.Count && _ranges[index].Start == end)
        {
            end = _ranges[index].End;
            _ranges.RemoveAt(index);
        }

        if (index > 0 && _ranges[index - 1].End == start)
        {
            start = _ranges[--index].Start;
            _ranges.RemoveAt(index);
        }

        _ranges.Insert(index, (start, end));
        return true;
    }

    /// <summary>Whether all of a range is there.</summary>
    public bool Contains(long offset, long count)
    {
        foreach (var (start, end) in _ranges)
        {
            if (start <= offset && offset + count <= end)
            {
                return true;
            }
        }

        return false;
    }

    public void Clear() => _ranges.Clear();
}
