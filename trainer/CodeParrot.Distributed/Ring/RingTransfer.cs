using System.Net.Sockets;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// Carries out one collective after another on the calling thread: it sends and receives whatever the two sockets take
/// at the moment, sums straight from the receive buffer, and sleeps in poll only when neither side can move. One thread
/// per rank is enough, since the kernel copies in both directions while the thread adds.
/// </summary>
internal sealed unsafe class RingTransfer
{
    // Small enough that what was received is still in the second-level cache when it is added.
    private const int ChunkBytes = 256 * 1024;

    // Pinned for their life, so that a pointer may be kept.
    private readonly byte[] _pinned = GC.AllocateUninitializedArray<byte>(
        ChunkBytes + 2 * CollectiveCall.Size,
        pinned: true
    );
    private readonly byte* _staging;
    private readonly byte* _outHeader;
    private readonly byte* _inHeader;
    private readonly Link _next;
    private readonly Link _previous;
    private readonly RingPlan _plan;
    private readonly RingWatch _watch;

    private CollectiveCall _call;
    private byte* _data;
    private int _headerSent;
    private int _headerReceived;
    private int _sendIndex;
    private long _sendDone;
    private long _sentBytes;
    private int _receiveIndex;
    private long _receiveDone;
    private long _receivedBytes;
    private int _staged;

    public RingTransfer(Link next, Link previous, RingPlan plan, RingWatch watch)
    {
        _next = next;
        _previous = previous;
        _plan = plan;
        _watch = watch;
        fixed (byte* start = _pinned)
        {
            _staging = start;
            _outHeader = start + ChunkBytes;
            _inHeader = _outHeader + CollectiveCall.Size;
        }
    }

    /// <summary>Runs the collective that the plan was filled for.</summary>
    /// <exception cref="PeerLostException">A connection broke or nothing moved until the deadline.</exception>
    /// <exception cref="CollectiveMismatchException">The previous rank called something else.</exception>
    public void Run(CollectiveCall call, byte* data)
    {
        _call = call;
        _data = data;
        call.Write(new Span<byte>(_outHeader, CollectiveCall.Size));
        _headerSent = _headerReceived = _sendIndex = _receiveIndex = _staged = 0;
        _sendDone = _sentBytes = _receiveDone = _receivedBytes = 0;
        _watch.Begin(call);

        while (true)
        {
            var moved = TrySend() | TryReceive();
            var sending = _headerSent < CollectiveCall.Size || _sendIndex < _plan.Send.Length;
            var receiving = _headerReceived < CollectiveCall.Size || _receiveIndex < _plan.Receive.Length;
            if (!sending && !receiving)
            {
                return;
            }

            if (moved)
            {
                _watch.Moved();
            }
            else
            {
                _watch.Wait(sending, sending && CanSend(), receiving);
            }
        }
    }

    private bool CanSend() =>
        _headerSent < CollectiveCall.Size
        || (_sendIndex < _plan.Send.Length && _plan.OwnBytes + _receivedBytes > _sentBytes);

    private bool TrySend()
    {
        try
        {
            if (_headerSent < CollectiveCall.Size)
            {
                var sentHeader = _next.Send(_outHeader + _headerSent, CollectiveCall.Size - _headerSent);
                _headerSent += sentHeader;
                return sentHeader > 0;
            }

            SkipEmptySends();
            if (!CanSend())
            {
                return false;
            }

            var segment = _plan.Send[_sendIndex];
            var allowed = Math.Min(segment.Bytes - _sendDone, _plan.OwnBytes + _receivedBytes - _sentBytes);
            var sent = _next.Send(_data + segment.Offset + _sendDone, Math.Min(allowed, ChunkBytes));
            _sendDone += sent;
            _sentBytes += sent;
            SkipEmptySends();
            return sent > 0;
        }
        catch (SocketException error)
        {
            throw _watch.NextBroke(error);
        }
    }

    private void SkipEmptySends()
    {
        while (_sendIndex < _plan.Send.Length && _sendDone == _plan.Send[_sendIndex].Bytes)
        {
            _sendIndex++;
            _sendDone = 0;
        }
    }

    private bool TryReceive()
    {
        try
        {
            if (_headerReceived < CollectiveCall.Size)
            {
                return TryReceiveHeader();
            }

            SkipEmptyReceives();
            if (_receiveIndex == _plan.Receive.Length)
            {
                return false;
            }

            var segment = _plan.Receive[_receiveIndex];
            var received = _receiveIndex < _plan.AddCount ? ReceiveAndAdd(segment) : ReceiveInPlace(segment);
            SkipEmptyReceives();
            return received > 0;
        }
        catch (SocketException error)
        {
            throw _watch.PreviousBroke(error);
        }
    }

    private bool TryReceiveHeader()
    {
        var received = _previous.Receive(_inHeader + _headerReceived, CollectiveCall.Size - _headerReceived);
        ThrowIfClosed(received);
        _headerReceived += received;
        if (_headerReceived == CollectiveCall.Size)
        {
            var theirs = CollectiveCall.Read(new ReadOnlySpan<byte>(_inHeader, CollectiveCall.Size));
            if (theirs != _call)
            {
                throw _watch.Mismatch(theirs);
            }
        }

        return received > 0;
    }

    private void SkipEmptyReceives()
    {
        while (_receiveIndex < _plan.Receive.Length && _receiveDone == _plan.Receive[_receiveIndex].Bytes)
        {
            _receiveIndex++;
            _receiveDone = 0;
        }
    }

    private int ReceiveInPlace(Segment segment)
    {
        var wanted = Math.Min(segment.Bytes - _receiveDone, ChunkBytes);
        var received = _previous.Receive(_data + segment.Offset + _receiveDone, wanted);
        ThrowIfClosed(received);
        _receiveDone += received;
        _receivedBytes += received;
        return received;
    }

    private int ReceiveAndAdd(Segment segment)
    {
        var wanted = Math.Min(segment.Bytes - _receiveDone, ChunkBytes) - _staged;
        var received = _previous.Receive(_staging + _staged, wanted);
        ThrowIfClosed(received);

        // A receive may end within an element; its first bytes wait at the head of the staging buffer.
        var isDouble = _call.Kind == CollectiveKind.AllReduceDouble;
        var staged = _staged + received;
        _staged = staged % (isDouble ? sizeof(double) : sizeof(float));
        var whole = staged - _staged;
        var target = _data + segment.Offset + _receiveDone;
        if (isDouble)
        {
            Sum.Add((double*)target, (double*)_staging, whole / sizeof(double));
        }
        else
        {
            Sum.Add((float*)target, (float*)_staging, whole / sizeof(float));
        }

        new ReadOnlySpan<byte>(_staging + whole, _staged).CopyTo(new Span<byte>(_staging, _staged));
        _receiveDone += whole;
        _receivedBytes += whole;
        return received;
    }

    private void ThrowIfClosed(int received)
    {
        if (received < 0)
        {
            throw _watch.PreviousBroke(error: null);
        }
    }
}
