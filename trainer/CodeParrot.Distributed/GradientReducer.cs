using System.Runtime.ExceptionServices;

namespace CodeParrot.Distributed;

/// <summary>
/// Sums a gradient buffer over all ranks while backward still fills it. The buffer is cut into buckets of fixed size,
/// and the buckets are reduced from the last to the first on a thread of its own, each as soon as all of it was
/// started: neither the sizes nor the order of the reductions depend on when or in what order ranges are started. The
/// last bucket goes first because backward ends with the first layers.
/// </summary>
/// <remarks>
/// Between the first <see cref="Start"/> and <see cref="Finish"/> the group belongs to the reducer, and started ranges
/// of the buffer must be neither read nor written. After a failure the reducer and its group are of no more use.
/// </remarks>
public sealed class GradientReducer : IDisposable
{
    /// <summary>Elements of a bucket by default: 4 MiB.</summary>
    public const int DefaultBucketElements = 1 << 20;

    private readonly object _gate = new();
    private readonly IProcessGroup _group;
    private readonly nint _buffer;
    private readonly long _length;
    private readonly int _bucketElements;
    private readonly Thread _thread;
    private readonly RangeSet _started = new();
    private long _reducedFrom;
    private bool _finishing;
    private bool _stopping;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins with nothing started.</summary>
    /// <param name="group">The ranks; not disposed by the reducer.</param>
    /// <param name="buffer">Pointer to the first float; it must stay valid until the reducer is disposed.</param>
    /// <param name="length">Elements of the buffer, the same on all ranks.</param>
    /// <param name="bucketElements">Elements of a bucket, the same on all ranks.</param>
    public GradientReducer(IProcessGroup group, nint buffer, long length, int bucketElements = DefaultBucketElements)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(bucketElements, 1);
        _group = group;
        _buffer = buffer;
        _length = length;
        _bucketElements = bucketElements;
        _reducedFrom = length;
        _thread = new Thread(Work) { Name = "gradient-reducer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>States that a range of the buffer has its final local values; returns at once.</summary>
    /// <exception cref="InvalidOperationException">A part of the range was started before in this step.</exception>
    /// <exception cref="PeerLostException">An earlier bucket has failed, so that backward need not go on.</exception>
    public void Start(long offset, long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _length - offset);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _failure?.Throw();
            if (!_started.TryAdd(offset, count))
            {
                throw new InvalidOperationException(
                    $"Elements {offset} to {offset + count - 1} of the gradient buffer were started before in this step"
                );
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Reduces what was not started too, and returns when the whole buffer holds the sums. The next step may begin
    /// then.
    /// </summary>
    /// <exception cref="PeerLostException">A rank was lost; the buffer holds nothing of use.</exception>
    public void Finish()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _finishing = true;
            Monitor.PulseAll(_gate);
            while (_reducedFrom > 0 && _failure is null && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            _failure?.Throw();
            ObjectDisposedException.ThrowIf(_stopping, this);
            _finishing = false;
            _reducedFrom = _length;
            _started.Clear();
        }
    }

    /// <summary>
    /// Ends the thread; returns when the buffer is no longer touched. In the middle of a step this breaks the group,
    /// since the other ranks cannot finish a bucket without this one.
    /// </summary>
    public void Dispose()
    {
        bool isMidStep;
        lock (_gate)
        {
            isMidStep = !_started.IsEmpty || _finishing;
            _stopping = true;
            Monitor.PulseAll(_gate);
        }

        if (isMidStep)
        {
            _group.Dispose();
        }

        _thread.Join();
    }

    private void Work()
    {
        while (TakeBucket(out var offset, out var count))
        {
            try
            {
                Reduce(offset, count);
            }
            catch (Exception error)
            {
                lock (_gate)
                {
                    _failure = ExceptionDispatchInfo.Capture(error);
                    Monitor.PulseAll(_gate);
                    return;
                }
            }

            lock (_gate)
            {
                _reducedFrom = offset;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private unsafe void Reduce(long offset, int count) =>
        _group.AllReduceSum(new Span<float>((float*)_buffer + offset, count));

    /// <summary>Waits for the next bucket to be complete; false when the reducer is disposed.</summary>
    private bool TakeBucket(out long offset, out int count)
    {
        lock (_gate)
        {
            while (!_stopping)
            {
                if (_reducedFrom > 0)
                {
                    // The grid begins at element 0: it is the last bucket that may be short.
                    offset = (_reducedFrom - 1) / _bucketElements * _bucketElements;
                    count = (int)(_reducedFrom - offset);
                    if (_finishing || _started.Contains(offset, count))
                    {
                        return true;
                    }
                }

                Monitor.Wait(_gate);
            }
        }

        offset = count = 0;
        return false;
    }
}
