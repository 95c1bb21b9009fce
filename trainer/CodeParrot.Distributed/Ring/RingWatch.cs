using System.Net.Sockets;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// Waits for the sockets, watches the deadline, and finds out who is to blame when the ring breaks. A rank that breaks
/// tells its predecessor why, so that the rank that died first is named by all, and not each rank's own neighbour. A
/// rank that waits says so now and then, and passes on what it hears: at the deadline each rank knows who waits too,
/// and blames the first that does not.
/// </summary>
internal sealed unsafe class RingWatch(Link next, Link previous, RingSeat seat, TimeSpan deadline, TimeProvider time)
{
    // How long the loss of the previous rank waits for the ring's own account of it, and how long one poll may sleep.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private const int PollMilliseconds = 1000;

    // Nothing is said while data moves; at a deadline of minutes each rank speaks six times a minute.
    private readonly TimeSpan _reportEvery = deadline / 5 < MostReportEvery ? deadline / 5 : MostReportEvery;
    private static readonly TimeSpan MostReportEvery = TimeSpan.FromSeconds(10);

    private readonly byte[] _notice = new byte[Notice.Size];
    private readonly Dictionary<int, HeardRank> _heard = [];
    private int _noticeReceived;
    private bool _nextSaidGoodbye;
    private bool _nextClosed;
    private bool _previousIsFull;
    private CollectiveCall _call;
    private int _waitsFor;
    private long _reports;
    private long _lastMove;

    public void Begin(CollectiveCall call)
    {
        _call = call;
        _heard.Clear();
        Moved();
    }

    public void Moved()
    {
        _lastMove = time.GetTimestamp();
        _reports = 0;
    }

    /// <summary>Sleeps until one of the sockets can move.</summary>
    /// <exception cref="PeerLostException">The next rank is gone, or nothing moved until the deadline.</exception>
    public void Wait(bool sending, bool canSend, bool receiving)
    {
        Span<PollTarget> targets = stackalloc PollTarget[2];
        var wantedOfNext =
            (_nextClosed ? PollEvents.None : PollEvents.Readable) | (canSend ? PollEvents.Writable : PollEvents.None);
        targets[0] = next.Poll(wantedOfNext);
        targets[1] = previous.Poll(receiving ? PollEvents.Readable : PollEvents.None);
        _waitsFor = receiving ? seat.Previous : seat.Next;
        Poller.Wait(targets, (int)Math.Min(PollMilliseconds, UntilReport().TotalMilliseconds + 1));

        if (targets[0].Ready != PollEvents.None && ReadNotice() is { } failure)
        {
            throw failure;
        }

        if (sending && _nextClosed)
        {
            throw Lost(seat.Next, "it left the round");
        }

        // Past the deadline there is one more pause, in which ranks that came late are heard too.
        if (Waited() >= deadline + _reportEvery * 1.5)
        {
            throw Lost(WaitDump.FirstUnheard(seat, _heard), $"nothing moved for {deadline.TotalSeconds:0.#} s");
        }

        if (UntilReport() <= TimeSpan.Zero)
        {
            _reports++;
            var waited = (long)Waited().TotalMilliseconds;
            Tell(new Notice(NoticeKind.Waiting, seat.Rank, _call, _waitsFor, WaitedMilliseconds: waited));
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

        // A rank that gives up at its deadline closes its connections too. Who has waited as long as that for one that
        // stands still does not blame the one that gave up.
        return Waited() >= deadline / 2
            ? Lost(WaitDump.FirstUnheard(seat, _heard), $"rank {seat.Previous} gave up waiting", error)
            : Lost(seat.Previous, Describe(error), error);
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
        if (_previousIsFull)
        {
            return;
        }

        try
        {
            // The way back carries nothing else, so that a few bytes fit. Where they do not, nobody has read them for
            // very long, and after a part of a notice no other one could be told from its rest.
            var sent = previous.Send(bytes, Notice.Size);
            _previousIsFull = sent is > 0 and < Notice.Size;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The previous rank is gone too, and needs no telling.
            return;
        }
    }

    private TimeSpan Waited() => time.GetElapsedTime(_lastMove);

    private TimeSpan UntilReport() => _reportEvery * (_reports + 1) - Waited();

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
            case NoticeKind.Waiting:
                Hear(notice);
                return null;
            default:
                return Lost(notice.Rank, $"rank {seat.Next} reports it");
        }
    }

    private void Hear(Notice notice)
    {
        // What was said in an earlier collective lay in the socket while this rank computed.
        if (notice.Call.Sequence >= _call.Sequence && notice.Rank != seat.Rank)
        {
            var since = time.GetUtcNow() - TimeSpan.FromMilliseconds(notice.WaitedMilliseconds);
            _heard[notice.Rank] = new HeardRank(notice.Call, notice.OtherRank, since);
            if (notice.Rank != seat.Previous)
            {
                Tell(notice);
            }
        }
    }

    private PeerLostException Lost(int rank, string detail, SocketException? error = null)
    {
        Tell(new Notice(NoticeKind.PeerLost, rank));
        if (Waited() >= _reportEvery)
        {
            var now = time.GetUtcNow();
            detail += ". " + WaitDump.Write(seat, new HeardRank(_call, _waitsFor, now - Waited()), _heard, now);
        }

        return new PeerLostException(rank, _call.ToString(), detail, error);
    }

    private static string Describe(SocketException? error) =>
        error is null ? "it closed the connection" : $"the connection broke ({error.SocketErrorCode})";
}
