using System.Net.Sockets;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// Waits for the sockets, watches the deadline, and finds out who is to blame when the ring breaks. A rank that breaks
/// tells its predecessor why, so that the rank that died first is named by all, and not each rank's own neighbour.
/// </summary>
internal sealed unsafe class RingWatch(Link next, Link previous, RingSeat seat, TimeSpan deadline, TimeProvider time)
{
    // How long the loss of the previous rank waits for the ring's own account of it, and how long one poll may sleep.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private const int PollMilliseconds = 1000;

    private readonly byte[] _notice = new byte[Notice.Size];
    private int _noticeReceived;
    private bool _nextSaidGoodbye;
    private bool _nextClosed;
    private CollectiveCall _call;
    private long _lastMove;

    public void Begin(CollectiveCall call)
    {
        _call = call;
        Moved();
    }

    public void Moved() => _lastMove = time.GetTimestamp();

    /// <summary>Sleeps until one of the sockets can move.</summary>
    /// <exception cref="PeerLostException">The next rank is gone, or nothing moved until the deadline.</exception>
    public void Wait(bool sending, bool canSend, bool receiving)
    {
        Span<PollTarget> targets = stackalloc PollTarget[2];
        var wantedOfNext =
            (_nextClosed ? PollEvents.None : PollEvents.Readable) | (canSend ? PollEvents.Writable : PollEvents.None);
        targets[0] = next.Poll(wantedOfNext);
        targets[1] = previous.Poll(receiving ? PollEvents.Readable : PollEvents.None);
        Poller.Wait(targets, (int)Math.Min(PollMilliseconds, Remaining().TotalMilliseconds + 1));

        if (targets[0].Ready != PollEvents.None && ReadNotice() is { } failure)
        {
            throw failure;
        }

        if (sending && _nextClosed)
        {
            throw Lost(seat.Next, "it left the round");
        }

        if (Remaining() <= TimeSpan.Zero)
        {
            throw Lost(receiving ? seat.Previous : seat.Next, $"nothing moved for {deadline.TotalSeconds:0.#} s");
        }
    }

    /// <summary>Why the connection to the next rank broke.</summary>
    public Exception NextBroke(SocketException error) => ReadNotice() ?? Lost(seat.Next, Describe(error), error);

    /// <summary>Why the connection from the previous rank broke: the ring's own account if it comes in time.</summary>
    public Exception PreviousBroke(SocketException? error)
    {
        Span<PollTarget> targets = stackalloc PollTarget[1];
        for (var start = time.GetTimestamp(); !_nextClosed && time.GetElapsedTime(start) < Grace; )
        {
            targets[0] = next.Poll(PollEvents.Readable);
            Poller.Wait(targets, (int)Grace.TotalMilliseconds);
            if (targets[0].Ready != PollEvents.None && ReadNotice() is { } failure)
            {
                return failure;
            }
        }

        return Lost(seat.Previous, Describe(error), error);
    }

    public CollectiveMismatchException Mismatch(CollectiveCall theirs)
    {
        Tell(new Notice(NoticeKind.Mismatch, seat.Rank, _call, seat.Previous, theirs));
        return new CollectiveMismatchException(seat.Rank, _call.ToString(), seat.Previous, theirs.ToString());
    }

    /// <summary>Tells the previous rank, as far as it still listens.</summary>
    public void Tell(Notice notice)
    {
        var bytes = stackalloc byte[Notice.Size];
        notice.Write(new Span<byte>(bytes, Notice.Size));
        try
        {
            // The way back carries nothing else: a few bytes always fit.
            previous.Send(bytes, Notice.Size);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The previous rank is gone too, and needs no telling.
            return;
        }
    }

    private TimeSpan Remaining() => deadline - time.GetElapsedTime(_lastMove);

    private Exception? ReadNotice()
    {
        try
        {
            fixed (byte* notice = _notice)
            {
                var received = next.Receive(notice + _noticeReceived, Notice.Size - _noticeReceived);
                if (received < 0)
                {
                    _nextClosed = true;
                    return _nextSaidGoodbye ? null : Lost(seat.Next, "it closed the connection");
                }

                _noticeReceived += received;
            }
        }
        catch (SocketException error)
        {
            _nextClosed = true;
            return _nextSaidGoodbye ? null : Lost(seat.Next, Describe(error), error);
        }

        if (_noticeReceived < Notice.Size)
        {
            return null;
        }

        _noticeReceived = 0;
        return Judge(Notice.Read(_notice));
    }

    private Exception? Judge(Notice notice)
    {
        switch (notice.Kind)
        {
            case NoticeKind.Goodbye:
                _nextSaidGoodbye = true;
                return null;
            case NoticeKind.Mismatch:
                Tell(notice);
                return new CollectiveMismatchException(
                    notice.Rank,
                    notice.Call.ToString(),
                    notice.OtherRank,
                    notice.OtherCall.ToString()
                );
            default:
                return Lost(notice.Rank, $"rank {seat.Next} reports it");
        }
    }

    private PeerLostException Lost(int rank, string detail, SocketException? error = null)
    {
        Tell(new Notice(NoticeKind.PeerLost, rank));
        return new PeerLostException(rank, _call.ToString(), detail, error);
    }

    private static string Describe(SocketException? error) =>
        error is null ? "it closed the connection" : $"the connection broke ({error.SocketErrorCode})";
}
