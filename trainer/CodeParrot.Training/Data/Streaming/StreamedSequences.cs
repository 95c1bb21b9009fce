using System.Runtime.ExceptionServices;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Training.Engine;

namespace CodeParrot.Training.Data.Streaming;

/// <summary>
/// The sequences that the endless row of a corpus' tokens is cut into, held by windows of as many: one is taken from
/// while the next is filled on a thread of its own. Sequences are asked for by one thread, and not before those of an
/// earlier window are done with; what goes back further is read again. In steady state nothing is kept that grows.
/// </summary>
internal sealed class StreamedSequences : ISequenceSource, IDisposable
{
    // With tiny windows there are more of them, so that reading ahead is worth the name.
    private const int MinSequences = 64;

    private readonly object _gate = new();
    private readonly Func<StreamCursor, CancellationToken, BlockReader> _open;
    private readonly int _length;
    private readonly int _windowSequences;
    private readonly long _keptWindows;
    private readonly int[][] _slots;
    private readonly SortedDictionary<long, StreamCursor> _cursors = [];
    private readonly StreamState _start;
    private readonly CancellationTokenSource _stop = new();
    private Thread? _thread;

    // Windows from _first to below _filled are in the slots; those below _first are read, and thrown away.
    private long _first;
    private long _filled;
    private bool _goesBack;
    private ExceptionDispatchInfo? _failure;

    /// <summary>Reads nothing yet: the first sequence that is asked for says where.</summary>
    /// <param name="open">Opens the row at a place.</param>
    /// <param name="length">Tokens of a sequence.</param>
    /// <param name="windowSequences">Sequences of a window, at least 1.</param>
    /// <param name="keptSequences">How far behind the newest sequence <see cref="StateAt"/> is asked.</param>
    /// <param name="start">A window whose place is known, not after the first that is asked for.</param>
    public StreamedSequences(
        Func<StreamCursor, CancellationToken, BlockReader> open,
        int length,
        int windowSequences,
        long keptSequences,
        StreamState start
    )
    {
        _open = open;
        _length = length;
        _windowSequences = windowSequences;
        _keptWindows = (keptSequences / windowSequences) + 1;
        _start = start;
        _cursors[0] = StreamCursor.Start;
        _cursors[start.Window] = start.Cursor;
        _slots = new int[1 + ((Math.Max(MinSequences, windowSequences) + windowSequences - 1) / windowSequences)][];
    }

    /// <summary>Gets how many windows' places are kept.</summary>
    public int KnownPlaces
    {
        get
        {
            lock (_gate)
            {
                return _cursors.Count;
            }
        }
    }

    /// <inheritdoc/>
    public long SequenceCount(int length) => long.MaxValue;

    /// <inheritdoc/>
    /// <exception cref="Exception">What reading the corpus met.</exception>
    public void CopySequence(long index, Span<long> destination)
    {
        var (window, place) = Math.DivRem(index, _windowSequences);
        lock (_gate)
        {
            Begin(window);
            while (_goesBack || (_filled <= window && _failure is null))
            {
                ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
                Monitor.Wait(_gate);
            }
            if (_filled <= window)
                _failure!.Throw();
        }
        // No other thread touches the slot while _first stands on its window.
        var tokens = _slots[window % _slots.Length].AsSpan((int)place * _length, _length);
        for (var i = 0; i < tokens.Length; i++)
            destination[i] = tokens[i];
    }

    /// <summary>Returns the newest known window that does not lie after a sequence.</summary>
    public StreamState StateAt(long index)
    {
        lock (_gate)
        {
            var known = _cursors.Last(cursor => cursor.Key <= index / _windowSequences);
            return new StreamState(known.Key, known.Value);
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stop.Cancel();
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
        _stop.Dispose();
    }

    private void Begin(long window)
    {
        if (_thread is null)
        {
            _first = window;
            _filled = StateAt(window * _windowSequences).Window;
            _thread = new Thread(Work) { Name = "streamed-sequences", IsBackground = true };
            _thread.Start();
        }
        _goesBack |= window < _first;
        if (window != _first)
        {
            _first = window;
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        BlockReader? reader = null;
        try
        {
            while (Take(ref reader, out var window, out var slot))
            {
                Await(reader!.ReadAsync(slot));
                lock (_gate)
                {
                    _filled = window + 1;
                    Monitor.PulseAll(_gate);
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
                _goesBack = false;
                Monitor.PulseAll(_gate);
            }
        }
        finally
        {
            Close(reader);
        }
    }

    private bool Take(ref BlockReader? reader, out long window, out int[] slot)
    {
        lock (_gate)
        {
            while (!_stop.IsCancellationRequested && !_goesBack && _filled >= _first + _slots.Length)
                Monitor.Wait(_gate);
            window = _filled;
            slot = [];
            if (_stop.IsCancellationRequested)
                return false;
            if (_goesBack || reader is null)
            {
                Close(reader);
                var from = StateAt(_first * _windowSequences);
                reader = _open(from.Cursor, _stop.Token);
                window = _filled = from.Window;
                _goesBack = false;
            }
            _cursors[window] = reader.Position;
            Forget();
            slot = _slots[window % _slots.Length] ??= new int[_windowSequences * _length];
            return true;
        }
    }

    // A checkpoint asks for a window that is being taken from, or little before: what the ranks read ahead.
    private void Forget()
    {
        foreach (var window in _cursors.Keys.Where(window => window > 0 && window < _first - _keptWindows).ToList())
            _cursors.Remove(window);
    }

    private static void Close(BlockReader? reader)
    {
        if (reader is not null)
        {
            Await(reader.DisposeAsync().AsTask());
        }
    }

    private static void Await(Task task) =>
        _ = Blocking.Run(async () =>
        {
#pragma warning disable VSTHRD003 // Begun on this thread, which has no context.
            await task;
#pragma warning restore VSTHRD003
            return true;
        });
}
