namespace CodeParrot.Distributed.Nccl;

/// <summary>
/// Sums a gradient buffer on the device as <see cref="GradientReducer"/> does on the host: buckets in an order that is
/// fixed beforehand, each queued on NCCL's stream as soon as all of it was started. It has no thread: queueing returns
/// at once, and the device overlaps the two streams by itself.
/// </summary>
public sealed class NcclGradientReducer : IGradientReducer
{
    private readonly NcclGroup _group;
    private readonly nint _buffer;
    private readonly BucketGrid _grid;
    private readonly ReducedTo _reducedTo;
    private readonly int[] _order;
    private readonly RangeSet _started = new();
    private int _queuedCount;

    /// <summary>Begins with nothing started.</summary>
    /// <param name="group">The ranks; not disposed by the reducer.</param>
    /// <param name="buffer">Device address of the first fp32 element.</param>
    /// <param name="grid">How the buffer is divided, the same on all ranks.</param>
    /// <param name="reducedTo">Who gets the sums, the same on all ranks.</param>
    /// <param name="order">
    /// Every bucket once, as backward completes them, the same on all ranks; null for the last one first.
    /// </param>
    public NcclGradientReducer(
        NcclGroup group,
        nint buffer,
        BucketGrid grid,
        ReducedTo reducedTo,
        IEnumerable<int>? order = null
    )
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentOutOfRangeException.ThrowIfNotEqual(grid.WorldSize, group.WorldSize, nameof(grid));
        _group = group;
        _buffer = buffer;
        _grid = grid;
        _reducedTo = reducedTo;
        _order = [.. order ?? Enumerable.Range(0, grid.Count).Reverse()];
        if (!_order.Order().SequenceEqual(Enumerable.Range(0, grid.Count)))
        {
            throw new ArgumentException($"must name each of {grid.Count} buckets once", nameof(order));
        }
    }

    /// <inheritdoc/>
    public void Start(long offset, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _grid.Length - offset);
        // Backward need not go on when the round is broken.
        _group.ThrowIfFailed();
        if (!_started.TryAdd(offset, count))
        {
            throw new InvalidOperationException(
                $"Elements {offset} to {offset + count - 1} of the gradient buffer were started before in this step"
            );
        }

        QueueComplete(all: false);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        QueueComplete(all: true);
        _group.Join();
        _group.Await();
        _queuedCount = 0;
        _started.Clear();
    }

    /// <summary>Nothing is held; in the middle of a step the group is to be disposed too.</summary>
    public void Dispose() { }

    private void QueueComplete(bool all)
    {
        while (_queuedCount < _order.Length)
        {
            var bucket = _order[_queuedCount];
            var (offset, count) = (_grid.OffsetOf(bucket), _grid.CountOf(bucket));
            if (!all && !_started.Contains(offset, count))
            {
                return;
            }

            var address = _buffer + (nint)(offset * sizeof(float));
            if (_reducedTo == ReducedTo.EveryRank)
            {
                _group.AllReduceSum(address, count);
            }
            else
            {
                _group.ReduceScatterSum(address, count);
            }

            _queuedCount++;
        }
    }
}
