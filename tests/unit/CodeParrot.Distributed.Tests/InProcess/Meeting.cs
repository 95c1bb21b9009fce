using System.Numerics;
using System.Runtime.ExceptionServices;

namespace CodeParrot.Distributed.Tests.InProcess;

/// <summary>
/// Where the ranks of an <see cref="InProcessWorld"/> meet for one collective after another. The last to come does the
/// work for all, on the memory that each has pinned while it waits.
/// </summary>
internal sealed unsafe class Meeting(int worldSize, TimeSpan deadline)
{
    private readonly object _gate = new();
    private readonly InProcessCall?[] _calls = new InProcessCall?[worldSize];
    private readonly nint[] _data = new nint[worldSize];
    private readonly nint[] _own = new nint[worldSize];
    private readonly bool[] _hasLeft = new bool[worldSize];
    private int _firstRank;
    private int _arrived;
    private long _number;
    private ExceptionDispatchInfo? _failure;

    public int WorldSize => worldSize;

    /// <summary>Returns when all ranks have called the same and its work is done.</summary>
    public void Meet(int rank, InProcessCall call, void* data, void* own, Action<InProcessCall> work)
    {
        lock (_gate)
        {
            _failure?.Throw();
            ObjectDisposedException.ThrowIf(_hasLeft[rank], this);
            if (_calls[rank] is { } other)
            {
                throw new InvalidOperationException($"rank {rank} called {call} while a thread of it is in {other}");
            }

            Arrive(rank, call, data, own);
            if (_arrived == worldSize)
            {
                work(call);
                Array.Clear(_calls);
                _arrived = 0;
                _number++;
                Monitor.PulseAll(_gate);
                return;
            }

            for (var number = _number; number == _number; )
            {
                if (!Monitor.Wait(_gate, deadline) && number == _number && _failure is null)
                {
                    Fail(Absent(call, $"nobody else came for {deadline.TotalSeconds:0.#} s"));
                }

                if (number == _number)
                {
                    _failure?.Throw();
                }
            }
        }
    }

    /// <summary>A rank goes: who waits for it, now or later, loses it.</summary>
    public void Leave(int rank)
    {
        lock (_gate)
        {
            _hasLeft[rank] = true;
            if (_arrived > 0 && _calls[rank] is null && _failure is null)
            {
                _failure = ExceptionDispatchInfo.Capture(
                    new PeerLostException(rank, _calls[_firstRank].ToString()!, "it left the world")
                );
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void AllReduce<T>(InProcessCall call)
        where T : unmanaged, INumberBase<T>
    {
        var sum = new T[call.Length];
        for (var slice = 0; slice < worldSize; slice++)
        {
            Sum(sum, slice);
        }

        foreach (var data in _data)
        {
            sum.CopyTo(new Span<T>((T*)data, call.Length));
        }
    }

    public void ReduceScatter(InProcessCall call)
    {
        var sum = new float[call.Length];
        for (var slice = 0; slice < worldSize; slice++)
        {
            Sum(sum, slice);
        }

        for (var rank = 0; rank < worldSize; rank++)
        {
            // Nobody may go by what lies between the slices.
            new Span<float>((float*)_data[rank], call.Length).Fill(float.NaN);
            var (offset, count) = SliceOf(call.Length, rank);
            sum.AsSpan(offset, count).CopyTo(new Span<float>((float*)_own[rank], count));
        }
    }

    public void AllGather(InProcessCall call)
    {
        var all = new float[call.Length];
        for (var rank = 0; rank < worldSize; rank++)
        {
            var (offset, count) = SliceOf(call.Length, rank);
            new ReadOnlySpan<float>((float*)_own[rank], count).CopyTo(all.AsSpan(offset));
        }

        foreach (var data in _data)
        {
            all.CopyTo(new Span<float>((float*)data, call.Length));
        }
    }

    public void Broadcast(InProcessCall call)
    {
        var source = new ReadOnlySpan<byte>((byte*)_data[call.Root], call.Length);
        foreach (var data in _data)
        {
            source.CopyTo(new Span<byte>((byte*)data, call.Length));
        }
    }

    private void Arrive(int rank, InProcessCall call, void* data, void* own)
    {
        if (_arrived == 0)
        {
            _firstRank = rank;
        }

        var first = _calls[_firstRank] ?? call;
        if (first != call)
        {
            Fail(new CollectiveMismatchException(rank, call.ToString(), _firstRank, first.ToString()));
        }

        if (Array.IndexOf(_hasLeft, true) >= 0)
        {
            Fail(new PeerLostException(Array.IndexOf(_hasLeft, true), call.ToString(), "it left the world"));
        }

        (_calls[rank], _data[rank], _own[rank]) = (call, (nint)data, (nint)own);
        _arrived++;
    }

    private void Fail(Exception error)
    {
        _failure = ExceptionDispatchInfo.Capture(error);
        Monitor.PulseAll(_gate);
        throw error;
    }

    private PeerLostException Absent(InProcessCall call, string detail)
    {
        var absent = Enumerable.Range(0, worldSize).Where(rank => _calls[rank] is null).ToList();
        return new PeerLostException(absent[0], call.ToString(), $"{detail}; absent: {string.Join(", ", absent)}");
    }

    private (int Offset, int Count) SliceOf(int length, int rank)
    {
        var partition = new Partition(length, worldSize);
        return ((int)partition.Offset(rank), (int)partition.Count(rank));
    }

    /// <summary>Adds as the ring does: the data of rank slice + 1 first, then slice + 2 round to slice.</summary>
    private void Sum<T>(T[] sum, int slice)
        where T : unmanaged, INumberBase<T>
    {
        var (offset, count) = SliceOf(sum.Length, slice);
        var target = sum.AsSpan(offset, count);
        for (var hop = 1; hop <= worldSize; hop++)
        {
            var source = new ReadOnlySpan<T>((T*)_data[(slice + hop) % worldSize] + offset, count);
            for (var index = 0; index < count; index++)
            {
                target[index] = hop == 1 ? source[index] : target[index] + source[index];
            }
        }
    }
}
