using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using CodeParrot.Distributed.Ring;

namespace CodeParrot.Distributed;

/// <summary>
/// Collectives over a ring of TCP connections: each rank sends to the next and receives from the previous one. Calls
/// allocate nothing. See docs/decisions/0004-managed-ring.md for the order of sums and the failure protocol.
/// </summary>
public sealed class TcpProcessGroup : IProcessGroup
{
    private readonly Lock _gate = new();
    private readonly RingSeat _seat;
    private readonly RingPlan _plan;
    private readonly Link? _next;
    private readonly Link? _previous;
    private readonly RingWatch? _watch;
    private readonly RingTransfer? _transfer;
    private long _sequence;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _disposed;

    private TcpProcessGroup(RingSeat seat, Link? next, Link? previous, TimeSpan deadline, TimeProvider time)
    {
        _seat = seat;
        _plan = new RingPlan(seat.Rank, seat.WorldSize);
        _next = next;
        _previous = previous;
        if (_next is not null && _previous is not null)
        {
            _watch = new RingWatch(_next, _previous, _seat, deadline, time);
            _transfer = new RingTransfer(_next, _previous, _plan, _watch);
        }
    }

    /// <summary>
    /// Connects to both neighbours of the round; both prove the key. Takes over the round's open port.
    /// </summary>
    /// <exception cref="PeerLostException">A neighbour could not be reached or did not come in time.</exception>
    /// <exception cref="RendezvousRefusedException">A neighbour holds another key or is in another round.</exception>
    public static async Task<TcpProcessGroup> ConnectAsync(
        Round round,
        RendezvousOptions options,
        TimeProvider time,
        CancellationToken ct
    )
    {
        using var owned = round;
        var seat = new RingSeat(round.PositionOf(options.Rank), round.Members.Count);
        if (seat.WorldSize == 1)
        {
            return new TcpProcessGroup(seat, next: null, previous: null, options.CollectiveTimeout, time);
        }

        var (next, previous) = await new RingConnector(round, options, seat, time).ConnectAsync(ct);
        return new TcpProcessGroup(seat, next, previous, options.CollectiveTimeout, time);
    }

    /// <inheritdoc/>
    public int Rank => _seat.Rank;

    /// <inheritdoc/>
    public int WorldSize => _seat.WorldSize;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> data) => AllReduce(data, CollectiveKind.AllReduceFloat);

    /// <inheritdoc/>
    public void AllReduceSum(Span<double> data) => AllReduce(data, CollectiveKind.AllReduceDouble);

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> data, Span<float> ownSlice)
    {
        SliceCheck.ThrowIfNotOwn(ownSlice.Length, data.Length, Rank, WorldSize);
        Enter();
        try
        {
            _plan.ReduceScatter(data.Length, sizeof(float));
            Run(CollectiveKind.ReduceScatterFloat, 0, data);
            Own(data).CopyTo(ownSlice);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data)
    {
        SliceCheck.ThrowIfNotOwn(ownSlice.Length, data.Length, Rank, WorldSize);
        Enter();
        try
        {
            ownSlice.CopyTo(Own(data));
            _plan.AllGather(data.Length, sizeof(float));
            Run(CollectiveKind.AllGatherFloat, 0, data);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int root)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, WorldSize);
        Enter();
        try
        {
            _plan.Broadcast(data.Length, root);
            Run(CollectiveKind.Broadcast, root, data);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        Enter();
        try
        {
            // One byte of every rank goes round: who has them all knows that all have come.
            Span<byte> tokens = stackalloc byte[WorldSize];
            _plan.AllGather(tokens.Length, sizeof(byte));
            Run(CollectiveKind.Barrier, 0, tokens);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Leaves the ring. A collective that runs on another thread ends with an exception first.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_failure is null && _gate.TryEnter())
        {
            _watch?.Tell(new Notice(NoticeKind.Goodbye, Rank));
            _gate.Exit();
        }

        Kill();
        lock (_gate)
        {
            _next?.Dispose();
            _previous?.Dispose();
        }
    }

    /// <summary>Ends both connections without a goodbye, as the end of the process would.</summary>
    internal void Kill()
    {
        _next?.Shutdown(SocketShutdown.Both);
        _previous?.Shutdown(SocketShutdown.Both);
    }

    private unsafe void AllReduce<T>(Span<T> data, CollectiveKind kind)
        where T : unmanaged
    {
        Enter();
        try
        {
            _plan.AllReduce(data.Length, sizeof(T));
            Run(kind, 0, data);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private Span<float> Own(Span<float> data)
    {
        var partition = new Partition(data.Length, WorldSize);
        return data.Slice((int)partition.Offset(Rank), (int)partition.Count(Rank));
    }

    private void Enter()
    {
        if (!_gate.TryEnter())
        {
            throw new InvalidOperationException(
                $"Rank {Rank} called a collective while another of its threads is inside one; "
                    + "the ranks could not agree on the order"
            );
        }

        if (_disposed || _failure is not null)
        {
            _gate.Exit();
            ObjectDisposedException.ThrowIf(_disposed, this);
            _failure?.Throw();
        }
    }

    private unsafe void Run<T>(CollectiveKind kind, int root, Span<T> data)
        where T : unmanaged
    {
        _sequence++;
        if (_transfer is null)
        {
            return;
        }

        try
        {
            fixed (T* start = data)
            {
                _transfer.Run(new CollectiveCall(kind, root, _sequence, (long)data.Length * sizeof(T)), (byte*)start);
            }
        }
        catch (Exception error)
        {
            // Whatever it was, half a collective lies in the sockets: the ring cannot be used again, and the
            // neighbours learn it now rather than at their deadline.
            _failure = ExceptionDispatchInfo.Capture(error);
            _next!.Shutdown(SocketShutdown.Send);
            _previous!.Shutdown(SocketShutdown.Send);
            ObjectDisposedException.ThrowIf(_disposed, this);
            throw;
        }
    }
}
