using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Nccl;

/// <summary>
/// One round's communicator, non-blocking: no call waits for a peer inside NCCL, so this process can always abort.
/// Every call waits here until NCCL has queued its kernels, which it promises only then. Calls and <see cref="Abort"/>
/// may come from different threads.
/// </summary>
internal sealed unsafe class NcclCommunicator : IDisposable
{
    private const NcclDataType Float32 = NcclDataType.Float32;
    private const NcclReduction Sum = NcclReduction.Sum;

    // A peer that left in order has said so within milliseconds.
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly NcclLibrary _library;
    private readonly NcclFunctions _nccl;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private nint _handle;

    private NcclCommunicator(NcclLibrary library, TimeSpan deadline, TimeProvider time)
    {
        _library = library;
        _nccl = library.Functions;
        _deadline = deadline;
        _time = time;
    }

    /// <summary>A fresh id, which all ranks of the round must be given.</summary>
    public static NcclUniqueId NewId(NcclLibrary library)
    {
        NcclUniqueId id;
        var result = library.Functions.GetUniqueId(&id);
        return result == NcclResult.Success ? id : throw Failed(library, "ncclGetUniqueId", result);
    }

    /// <summary>Joins the other ranks; this thread's device is the rank's for good.</summary>
    /// <exception cref="TimeoutException">The others did not come before the deadline.</exception>
    public static NcclCommunicator Connect(
        NcclLibrary library,
        NcclUniqueId id,
        int rank,
        int worldSize,
        TimeSpan deadline,
        TimeProvider time
    )
    {
        var communicator = new NcclCommunicator(library, deadline, time);
        var config = NcclConfig.NonBlocking;
        nint handle = 0;
        var result = library.Functions.InitRankConfig(&handle, worldSize, id, rank, &config);
        communicator._handle = handle;
        try
        {
            communicator.Settle(result, "ncclCommInitRankConfig", deadline);
            return communicator;
        }
        catch
        {
            communicator.Abort();
            throw;
        }
    }

    /// <summary>Sums over all ranks, in place.</summary>
    public void AllReduceSum(nint buffer, long count, nint stream)
    {
        lock (_gate)
        {
            var result = _nccl.AllReduce(buffer, buffer, (nuint)count, Float32, Sum, Handle(), stream);
            Settle(result, "ncclAllReduce", _deadline);
        }
    }

    /// <summary>
    /// Sums over all ranks; this rank's slice of the buffer holds the sum afterwards, the rest holds nothing of use.
    /// </summary>
    public void ReduceScatterSum(nint buffer, Partition slices, int rank, nint stream)
    {
        lock (_gate)
        {
            var handle = Handle();
            if (slices.Length % slices.Parts == 0)
            {
                var (own, count) = (At(buffer, slices.Offset(rank)), (nuint)slices.Count(rank));
                Settle(
                    _nccl.ReduceScatter(buffer, own, count, Float32, Sum, handle, stream),
                    "ncclReduceScatter",
                    _deadline
                );
                return;
            }

            // Slices that differ by an element are what NCCL's own reduce-scatter does not know: one reduction a rank.
            var result = Open();
            for (var root = 0; root < slices.Parts && IsGood(result); root++)
            {
                var (place, count) = (At(buffer, slices.Offset(root)), (nuint)slices.Count(root));
                result = _nccl.Reduce(place, place, count, Float32, Sum, root, handle, stream);
            }

            Close(result, "ncclReduce");
        }
    }

    /// <summary>Collects every rank's slice in the buffer on all ranks.</summary>
    public void AllGather(nint own, nint buffer, Partition slices, int rank, nint stream)
    {
        lock (_gate)
        {
            var handle = Handle();
            if (slices.Length % slices.Parts == 0)
            {
                var count = (nuint)slices.Count(rank);
                Settle(_nccl.AllGather(own, buffer, count, Float32, handle, stream), "ncclAllGather", _deadline);
                return;
            }

            var result = Open();
            for (var root = 0; root < slices.Parts && IsGood(result); root++)
            {
                var (place, count) = (At(buffer, slices.Offset(root)), (nuint)slices.Count(root));
                var from = root == rank ? own : place;
                result = _nccl.Broadcast(from, place, count, Float32, root, handle, stream);
            }

            Close(result, "ncclBroadcast");
        }
    }

    /// <summary>Copies the bytes of a rank to all.</summary>
    public void Broadcast(nint buffer, long sizeBytes, int root, nint stream)
    {
        lock (_gate)
        {
            var bytes = (nuint)sizeBytes;
            var result = _nccl.Broadcast(buffer, buffer, bytes, NcclDataType.UInt8, root, Handle(), stream);
            Settle(result, "ncclBroadcast", _deadline);
        }
    }

    /// <summary>
    /// An error that has come to light since the last call, or null; also null while another thread is in a call.
    /// </summary>
    public Exception? FindAsyncError()
    {
        if (!_gate.TryEnter())
        {
            return null;
        }

        try
        {
            if (_handle == 0)
            {
                return null;
            }

            var state = State();
            return IsGood(state) ? null : Failed(_library, "a queued collective", state);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Ends all that is queued, without the others; later calls are refused.</summary>
    public void Abort()
    {
        lock (_gate)
        {
            if (_handle != 0)
            {
                // What abort itself answers changes nothing: the handle is gone with it.
                _ = _nccl.Abort(_handle);
                _handle = 0;
            }
        }
    }

    /// <summary>Leaves in order, as all ranks do; a rank that cannot is aborted.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_handle == 0)
            {
                return;
            }

            try
            {
                Settle(_nccl.Finalize(_handle), "ncclCommFinalize", FarewellPatience);
                _ = _nccl.Destroy(_handle);
                _handle = 0;
            }
            catch (Exception e) when (e is TimeoutException or NcclException or PeerLostException)
            {
                Abort();
            }
        }
    }

    private static nint At(nint buffer, long element) => buffer + (nint)(element * sizeof(float));

    private static Exception Failed(NcclLibrary library, string call, NcclResult result) =>
        // A socket that broke is a system error to NCCL, whoever closed it.
        result is NcclResult.RemoteError or NcclResult.SystemError
            ? new PeerLostException(PeerLostException.Unknown, call, library.TextOf(result))
            : new NcclException(call, (int)result, library.TextOf(result));

    private static bool IsGood(NcclResult result) => result is NcclResult.Success or NcclResult.InProgress;

    private nint Handle()
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        return _handle;
    }

    private NcclResult Open()
    {
        Settle(_nccl.GroupStart(), "ncclGroupStart", _deadline);
        return NcclResult.Success;
    }

    // The group is closed whatever happened inside, or every later call would belong to it.
    private void Close(NcclResult inside, string call)
    {
        var end = _nccl.GroupEnd();
        Settle(IsGood(inside) ? end : inside, call, _deadline);
    }

    private NcclResult State()
    {
        NcclResult state;
        var result = _nccl.GetAsyncError(_handle, &state);
        return result == NcclResult.Success ? state : result;
    }

    /// <summary>Waits until a call is no longer in progress.</summary>
    private void Settle(NcclResult result, string call, TimeSpan deadline)
    {
        var start = _time.GetTimestamp();
        var wait = default(SpinWait);
        while (result == NcclResult.InProgress)
        {
            if (_time.GetElapsedTime(start) > deadline)
            {
                throw new TimeoutException($"{call} was still in progress after {deadline.TotalSeconds:0.#} s");
            }

            wait.SpinOnce();
            result = State();
        }

        if (result != NcclResult.Success)
        {
            throw Failed(_library, call, result);
        }
    }
}
