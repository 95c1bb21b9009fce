namespace CodeParrot.Distributed.Nccl;

/// <summary>
/// Sums a gradient buffer on the device over all ranks while backward still fills it, as <see cref="GradientReducer"/>
/// does on the host: buckets of fixed size from the last to the first, each queued on NCCL's stream as soon as all of
/// it was started. It has no thread: queueing returns at once, and the device overlaps the two streams by itself.
/// </summary>
public sealed class NcclGradientReducer : IDisposable
{
    /// <summary>Elements of a bucket by default: 32 MiB, where NCCL reaches its full rate.</summary>
    public const int DefaultBucketElements = 1 << 23;

    private readonly NcclGroup _group;
    private readonly nint _buffer;
    private readonly long _length;
    private readonly int _bucketElements;
    private readonly RangeSet _started = new();
    private long _queuedFrom;

    /// <summary>Begins with nothing started.</summary>
    /// <param name="group">The ranks; not disposed by the reducer.</param>
    /// <param name="buffer">Device address of the first fp32 element.</param>
    /// <param name="length">Elements of the buffer, the same on all ranks.</param>
    /// <param name="bucketElements">Elements of a bucket, the same on all ranks.</param>
    public NcclGradientReducer(NcclGroup group, nint buffer, long length, int bucketElements = DefaultBucketElements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(bucketElements, 1);
        _group = group;
        _buffer = buffer;
        _length = length;
        _bucketElements = bucketElements;
        _queuedFrom = length;
    }

    /// <inheritdoc cref="GradientReducer.Start"/>
    public void Start(long offset, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _length - offset);
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

    /// <summary>
    /// Queues what was not started too, and returns when the whole buffer holds the sums on this device.
    /// </summary>
    /// <exception cref="PeerLostException">A rank was lost; the buffer holds nothing of use.</exception>
    public void Finish()
    {
        QueueComplete(all: true);
        _group.JoinTorch();
        _group.Await();
        _queuedFrom = _length;
        _started.Clear();
    }

    /// <summary>Nothing is held; in the middle of a step the group is to be disposed too.</summary>
    public void Dispose() { }

    private void QueueComplete(bool all)
    {
        while (_queuedFrom > 0)
        {
            // The grid begins at element 0: it is the last bucket that may be short.
            var offset = (_queuedFrom - 1) / _bucketElements * _bucketElements;
            var count = _queuedFrom - offset;
            if (!all && !_started.Contains(offset, count))
            {
                return;
            }

            _group.AllReduceSum(_buffer + (nint)(offset * sizeof(float)), count);
            _queuedFrom = offset;
        }
    }
}
