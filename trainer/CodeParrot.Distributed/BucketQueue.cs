namespace CodeParrot.Distributed;

/// <summary>
/// The buckets of a gradient buffer in the order in which they are reduced, and which of them are complete. The order
/// is fixed beforehand: it does not depend on when or in what order ranges are started. Not safe from several threads.
/// </summary>
internal sealed class BucketQueue
{
    private readonly BucketGrid _grid;
    private readonly int[] _order;
    private readonly RangeSet _started = new();
    private int _takenCount;

    /// <summary>A queue with nothing started.</summary>
    /// <param name="grid">How the buffer is divided, the same on all ranks.</param>
    /// <param name="worldSize">Ranks of the group that reduces it.</param>
    /// <param name="order">Every bucket once, the same on all ranks; null for the last one first.</param>
    public BucketQueue(BucketGrid grid, int worldSize, IEnumerable<int>? order)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentOutOfRangeException.ThrowIfNotEqual(grid.WorldSize, worldSize, nameof(grid));
        _grid = grid;
        var buckets = Enumerable.Range(0, grid.Count);
        _order = [.. order ?? buckets.Reverse()];
        if (!_order.Order().SequenceEqual(buckets))
        {
            throw new ArgumentException($"must name each of {grid.Count} buckets once", nameof(order));
        }
    }

    /// <summary>Gets whether a part of the buffer was started in this step.</summary>
    public bool IsStarted => !_started.IsEmpty;

    /// <summary>Gets whether every bucket was taken.</summary>
    public bool IsDone => _takenCount == _order.Length;

    /// <summary>Notes that a range of the buffer has its final local values.</summary>
    /// <exception cref="InvalidOperationException">A part of the range was started before in this step.</exception>
    public void Start(long offset, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _grid.Length - offset);
        if (!_started.TryAdd(offset, count))
        {
            throw new InvalidOperationException(
                $"Elements {offset} to {offset + count - 1} of the gradient buffer were started before in this step"
            );
        }
    }

    /// <summary>Says which bucket is next, if it is complete or <paramref name="all"/> are to be taken.</summary>
    public bool TryPeek(bool all, out int bucket)
    {
        bucket = IsDone ? -1 : _order[_takenCount];
        return bucket >= 0 && (all || _started.Contains(_grid.OffsetOf(bucket), _grid.CountOf(bucket)));
    }

    /// <summary>Takes the bucket that is next.</summary>
    public void Take() => _takenCount++;

    /// <summary>Begins the next step.</summary>
    public void Reset()
    {
        _takenCount = 0;
        _started.Clear();
    }
}
