using System.Runtime.ExceptionServices;

namespace CodeParrot.Distributed;

/// <summary>
/// Sums a gradient buffer over all ranks while backward still fills it. Buckets are reduced in an order that is fixed
/// beforehand, on a thread of its own, each as soon as all of it was started: neither the sizes nor the order of the
/// reductions depend on when or in what order ranges are started.
/// </summary>
/// <remarks>
/// Between the first <see cref="Start"/> and <see cref="Finish"/> the group belongs to the reducer, and started ranges
/// of the buffer must be neither read nor written. After a failure the reducer and its group are of no more use.
/// </remarks>
public sealed class GradientReducer : IGradientReducer
{
    private readonly object _gate = new();
    private readonly IProcessGroup _group;
    private readonly nint _buffer;
    private readonly BucketGrid _grid;
    private readonly ReducedTo _reducedTo;
    private readonly BucketQueue _queue;
    private readonly Thread _thread;
    private bool _finishing;
    private bool _stopping;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins with nothing started.</summary>
    /// <param name="group">The ranks; not disposed by the reducer.</param>
    /// <param name="buffer">Pointer to the first float; it must stay valid until the reducer is disposed.</param>
    /// <param name="grid">How the buffer is divided, the same on all ranks.</param>
    /// <param name="reducedTo">Who gets the sums, the same on all ranks.</param>
    /// <param name="order">
    /// Every bucket once, as backward completes them, the same on all ranks; null for the last one first.
    /// </param>
    public GradientReducer(
        IProcessGroup group,
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
        _thread = new Thread(Work) { Name = "gradient-reducer", IsBackground = true };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Start(long offset, long count)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _failure?.Throw();
            _queue.Start(offset, count);
            Monitor.PulseAll(_gate);
        }
    }

    /// <inheritdoc/>
    public void Finish()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _finishing = true;
            Monitor.PulseAll(_gate);
            while (!_queue.IsDone && _failure is null && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            _failure?.Throw();
            ObjectDisposedException.ThrowIf(_stopping, this);
            _finishing = false;
            _queue.Reset();
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
            isMidStep = _queue.IsStarted || _finishing;
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
        while (TakeBucket(out var bucket))
        {
            try
            {
                Reduce(bucket);
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
                _queue.Take();
                Monitor.PulseAll(_gate);
            }
        }
    }

    private unsafe void Reduce(int bucket)
    {
        var data = new Span<float>((float*)_buffer + _grid.OffsetOf(bucket), _grid.CountOf(bucket));
        if (_reducedTo == ReducedTo.EveryRank)
        {
            _group.AllReduceSum(data);
            return;
        }

        var (offset, count) = _grid.SliceOf(bucket, _group.Rank);
        _group.ReduceScatterSum(data, new Span<float>((float*)_buffer + offset, count));
    }

    /// <summary>Waits for the next bucket to be complete; false when the reducer is disposed.</summary>
    private bool TakeBucket(out int bucket)
    {
        lock (_gate)
        {
            while (!_stopping)
            {
                if (_queue.TryPeek(all: _finishing, out bucket))
                {
                    return true;
                }

                Monitor.Wait(_gate);
            }
        }

        bucket = -1;
        return false;
    }
}
