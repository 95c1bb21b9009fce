using System.Runtime.ExceptionServices;
using CodeParrot.Model;

namespace CodeParrot.Training.Data;

/// <summary>
/// Reads a rank's batches ahead on a thread of its own, so that a step finds them ready. Which batch is next is the
/// training's own word: what was read ahead is used if it is the one that is asked for, and dropped if not, so reading
/// ahead changes neither the order nor a resume. In steady state nothing is allocated.
/// </summary>
internal sealed class BatchFeed : IDisposable
{
    /// <summary>Batches in memory: one in use, two ahead.</summary>
    public const int SlotCount = 3;

    private readonly object _gate = new();
    private readonly StepPlan _plan;
    private readonly SampleOrder _order;
    private readonly long _seed;
    private readonly int[] _microBatches;
    private readonly BatchReader[] _slots;
    private readonly BatchUpload? _upload;
    private readonly long[] _sequences;
    private readonly ulong[] _keys;
    private readonly Thread? _thread;

    // Batches are numbered through the run: step × this rank's micro-batches + position. Those below _free may be
    // overwritten, those from _taken to _filled - 1 are ready.
    private long _free;
    private long _taken;
    private long _filled;
    private bool _isFilling;
    private bool _isStopping;
    private bool _hasPlace;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Begins to read nothing yet: the first batch that is asked for says where.</summary>
    /// <param name="plan">What a step consists of.</param>
    /// <param name="order">Which sequence each sample is; from here on the feed's own.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="microBatches">This rank's, in its order; may be none.</param>
    /// <param name="newSlot">Makes a reader; the feed disposes it.</param>
    /// <param name="newUpload">
    /// Makes what brings batches like the given one to the rank's GPU, and the feed disposes it; null for the CPU.
    /// </param>
    public BatchFeed(
        StepPlan plan,
        SampleOrder order,
        long seed,
        IEnumerable<int> microBatches,
        Func<BatchReader> newSlot,
        Func<TokenBatch, BatchUpload>? newUpload = null
    )
    {
        _plan = plan;
        _order = order;
        _seed = seed;
        _microBatches = [.. microBatches];
        _sequences = new long[plan.BatchSize];
        _keys = new ulong[plan.BatchSize];
        _slots = new BatchReader[SlotCount];
        for (var i = 0; i < SlotCount; i++)
        {
            _slots[i] = newSlot();
        }
        _upload = newUpload?.Invoke(_slots[0].Whole);
        if (_microBatches.Length > 0)
        {
            _thread = new Thread(Work) { Name = "batch-feed", IsBackground = true };
            _thread.Start();
        }
    }

    /// <summary>Returns a batch, waiting for it if need be; the one before may be overwritten from here on.</summary>
    /// <param name="dataStep">Step of the data order.</param>
    /// <param name="position">Place among this rank's micro-batches of the step.</param>
    /// <returns>Tensors that the feed owns, valid until the next call.</returns>
    /// <exception cref="Exception">What reading this batch met, once those before it were given out.</exception>
    public TokenBatch Next(long dataStep, int position)
    {
        var number = (dataStep * _microBatches.Length) + position;
        BatchReader slot;
        lock (_gate)
        {
            if (number != _taken || !_hasPlace)
            {
                Restart(number);
            }
            _free = number;
            Monitor.PulseAll(_gate);
            while (_filled == number && _failure is null && !_isStopping)
            {
                Monitor.Wait(_gate);
            }
            ObjectDisposedException.ThrowIf(_isStopping, this);
            if (_filled == number)
            {
                _failure!.Throw();
            }
            _taken = number + 1;
            slot = SlotOf(number);
        }
        return _upload is null ? slot.Whole : _upload.Run(slot);
    }

    /// <summary>Ends the thread; returns when no batch is written any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
        _upload?.Dispose();
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    private BatchReader SlotOf(long number) => _slots[number % SlotCount];

    private void Restart(long number)
    {
        _hasPlace = false;
        // The batch that is being read belongs to the old place, but its slot may be needed.
        while (_isFilling)
        {
            Monitor.Wait(_gate);
        }
        _free = _taken = _filled = number;
        _hasPlace = true;
    }

    private void Work()
    {
        try
        {
            while (TakeNumber(out var number))
            {
                Read(number);
                lock (_gate)
                {
                    _isFilling = false;
                    _filled = number + 1;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _isFilling = false;
                _failure = ExceptionDispatchInfo.Capture(e);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool TakeNumber(out long number)
    {
        lock (_gate)
        {
            while (!_isStopping && (!_hasPlace || _filled - _free >= SlotCount))
            {
                Monitor.Wait(_gate);
            }
            number = _filled;
            _isFilling = !_isStopping;
            return !_isStopping;
        }
    }

    private void Read(long number)
    {
        var (dataStep, position) = Math.DivRem(number, _microBatches.Length);
        var first = _plan.FirstSampleOf(dataStep, _microBatches[(int)position]);
        for (var row = 0; row < _sequences.Length; row++)
        {
            _sequences[row] = _order.SequenceAt(first + row);
            _keys[row] = StepPlan.ObjectiveKeyOf(_seed, first + row);
        }
        var slot = SlotOf(number);
        _upload?.AwaitFree(slot);
        slot.Fill(_sequences, _keys);
    }
}
