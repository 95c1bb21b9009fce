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
    private readonly BucketQueue _queue;

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
        _queue = new BucketQueue(grid, group.WorldSize, order);
        _group = group;
        _buffer = buffer;
        _grid = grid;
        _reducedTo = reducedTo;
    }

    /// <inheritdoc/>
    public void Start(long offset, long count)
    {
        // Backward need not go on when the round is broken.
        _group.ThrowIfFailed();
        _queue.Start(offset, count);
        QueueComplete(all: false);
    }

    /// <inheritdoc/>
    public void Finish()
    {
        QueueComplete(all: true);
        _group.Join();
        _group.Await();
        _queue.Reset();
    }

    /// <summary>Nothing is held; in the middle of a step the group is to be disposed too.</summary>
    public void Dispose() { }

    private void QueueComplete(bool all)
    {
        while (_queue.TryPeek(all, out var bucket))
        {
            var count = _grid.CountOf(bucket);
            var address = _buffer + (nint)(_grid.OffsetOf(bucket) * sizeof(float));
            if (_reducedTo == ReducedTo.EveryRank)
            {
                _group.AllReduceSum(address, count);
            }
            else
            {
                _group.ReduceScatterSum(address, count);
            }

            _queue.Take();
        }
    }
}
