using System.Runtime.ExceptionServices;
using CodeParrot.Distributed.Cuda;

namespace CodeParrot.Distributed.Nccl;

/// <summary>
/// Collectives on device memory for one round: a communicator and a stream of their own beside the group of TCP
/// connections, which keeps what is small and what must not hang (the id, votes, barriers). Every collective is queued
/// behind what torch has queued so far and returns at once; <see cref="Join"/> and <see cref="Await"/> order what
/// comes after. See docs/decisions/0015-nccl-beside-the-ring.md.
/// </summary>
/// <remarks>
/// One thread queues. A timer watches for NCCL's asynchronous errors and for work that does not end before the
/// deadline; it aborts the communicator, which lets all waits end, and the next call throws: <see
/// cref="PeerLostException"/> for a lost rank, <see cref="GpuFaultException"/> where the device is broken. After a
/// failure the ranks need a new round.
/// </remarks>
public sealed class NcclGroup : IBufferExchange, IDisposable
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(500);

    private readonly IProcessGroup _control;
    private readonly CudaRuntime _cuda;
    private readonly NcclCommunicator _communicator;
    private readonly int _device;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private readonly CudaStream _stream;
    private readonly CudaEvent _computed;
    private readonly CudaEvent _exchanged;
    private readonly ITimer _watch;
    private readonly Lock _gate = new();
    private ExceptionDispatchInfo? _failure;
    private long _queuedAt;
    private bool _hasQueued;
    private bool _disposed;

    private NcclGroup(
        IProcessGroup control,
        CudaRuntime cuda,
        NcclCommunicator communicator,
        int device,
        TimeSpan deadline,
        TimeProvider time
    )
    {
        _control = control;
        _cuda = cuda;
        _communicator = communicator;
        _device = device;
        _deadline = deadline;
        _time = time;
        _stream = cuda.CreateStream();
        _computed = cuda.CreateEvent();
        _exchanged = cuda.CreateEvent();
        _watch = time.CreateTimer(_ => Look(), state: null, WatchInterval, WatchInterval);
    }

    /// <summary>This process's position, as in the control group.</summary>
    public int Rank => _control.Rank;

    /// <summary>How many ranks take part.</summary>
    public int WorldSize => _control.WorldSize;

    private nint Stream => _stream.DangerousGetHandle();

    /// <summary>Makes the round's communicator; all ranks call it together.</summary>
    /// <param name="control">The round's ranks over TCP; the caller disposes it, after this group.</param>
    /// <param name="device">Index of this rank's device.</param>
    /// <param name="deadline">Longest time that a collective may stand still.</param>
    /// <param name="time">Clock of the deadline.</param>
    /// <exception cref="CudaUnavailableException">CUDA or NCCL is not there.</exception>
    /// <exception cref="PeerLostException">A rank did not come.</exception>
    public static NcclGroup Connect(IProcessGroup control, int device, TimeSpan deadline, TimeProvider time) =>
        Connect(control, CudaRuntime.Load(), NcclLibrary.Load(), device, deadline, time);

    internal static NcclGroup Connect(
        IProcessGroup control,
        CudaRuntime cuda,
        NcclLibrary library,
        int device,
        TimeSpan deadline,
        TimeProvider time
    )
    {
        cuda.Select(device);
        var id = control.Rank == 0 ? NcclCommunicator.NewId(library) : default;
        control.Broadcast(id, root: 0);
        NcclCommunicator communicator;
        try
        {
            communicator = NcclCommunicator.Connect(library, id, control.Rank, control.WorldSize, deadline, time);
        }
        catch (TimeoutException e)
        {
            throw new PeerLostException(PeerLostException.Unknown, "the connection of NCCL", e.Message, e);
        }

        try
        {
            return new NcclGroup(control, cuda, communicator, device, deadline, time);
        }
        catch
        {
            communicator.Abort();
            throw;
        }
    }

    /// <inheritdoc/>
    public IGradientReducer NewReducer(
        nint buffer,
        BucketGrid grid,
        ReducedTo reducedTo,
        IEnumerable<int>? order = null
    ) => new NcclGradientReducer(this, buffer, grid, reducedTo, order);

    /// <summary>Queues a sum over all ranks, in place.</summary>
    /// <param name="buffer">Device address of the first fp32 element.</param>
    /// <param name="count">Elements, the same on all ranks.</param>
    public void AllReduceSum(nint buffer, long count) =>
        Queue((buffer, count), static (g, c) => g._communicator.AllReduceSum(c.buffer, c.count, g.Stream));

    /// <summary>
    /// Queues a sum over all ranks of which this rank keeps its slice, cut by <see cref="Partition"/>; the rest of the
    /// buffer is scratch afterwards.
    /// </summary>
    /// <inheritdoc cref="AllReduceSum"/>
    public void ReduceScatterSum(nint buffer, long count) =>
        Queue(
            (buffer, Parts: new Partition(count, WorldSize)),
            static (g, c) => g._communicator.ReduceScatterSum(c.buffer, c.Parts, g.Rank, g.Stream)
        );

    /// <inheritdoc/>
    public void AllGather(nint ownSlice, nint all, int count) =>
        Queue(
            (ownSlice, all, Parts: new Partition(count, WorldSize)),
            static (g, c) => g._communicator.AllGather(c.ownSlice, c.all, c.Parts, g.Rank, g.Stream)
        );

    /// <summary>Queues a copy of a rank's bytes to all ranks.</summary>
    /// <param name="buffer">Device address.</param>
    /// <param name="sizeBytes">The same on all ranks.</param>
    /// <param name="root">The rank whose bytes they are.</param>
    public void Broadcast(nint buffer, long sizeBytes, int root) =>
        Queue(
            (buffer, sizeBytes, root),
            static (g, c) => g._communicator.Broadcast(c.buffer, c.sizeBytes, c.root, g.Stream)
        );

    /// <summary>Throws what has broken the round, if anything has.</summary>
    public void ThrowIfFailed() => Volatile.Read(ref _failure)?.Throw();

    /// <inheritdoc/>
    /// <remarks>Torch's stream waits for what is queued; the host does not wait.</remarks>
    public void Join()
    {
        ThrowIfFailed();
        _cuda.Select(_device);
        _cuda.Wait(CudaRuntime.TorchStream, _exchanged);
    }

    /// <summary>
    /// Returns when all that is queued is done on this device. First the ranks meet over TCP, where a rank that has
    /// died shows at once; a kernel that waits for it would tell nothing until the deadline.
    /// </summary>
    /// <exception cref="PeerLostException">A rank is gone; what was exchanged is of no use.</exception>
    /// <exception cref="GpuFaultException">The device is broken.</exception>
    public void Await()
    {
        ThrowIfFailed();
        try
        {
            _cuda.Select(_device);
            _control.Barrier();
            _cuda.Await(_exchanged);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }

        ThrowIfFailed();
    }

    /// <summary>Leaves the round: in order when all that was queued is done, else by aborting it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _watch.Dispose();
        if (_failure is null && IsIdle())
        {
            _communicator.Dispose();
        }
        else
        {
            _communicator.Abort();
        }

        _exchanged.Dispose();
        _computed.Dispose();
        _stream.Dispose();
    }

    /// <summary>What the timer does: aborts the communicator when it is broken or stands still.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            if (_disposed || _failure is not null)
            {
                return;
            }

            try
            {
                if (_communicator.FindAsyncError() is { } error)
                {
                    Fail(error);
                }
                else if (!IsIdle() && _time.GetElapsedTime(Volatile.Read(ref _queuedAt)) > _deadline)
                {
                    var detail = $"nothing moved for {_deadline.TotalSeconds:0.#} s";
                    Fail(new PeerLostException(PeerLostException.Unknown, "a queued collective", detail));
                }
            }
            catch (CudaException e)
            {
                Fail(e);
            }
        }
    }

    // Behind what torch has queued; a static call with its arguments allocates nothing.
    private void Queue<TArguments>(TArguments arguments, Action<NcclGroup, TArguments> call)
    {
        Enter();
        try
        {
            call(this, arguments);
        }
        catch (Exception e)
        {
            throw Fail(e);
        }

        Leave();
    }

    private void Enter()
    {
        ThrowIfFailed();
        ObjectDisposedException.ThrowIf(_disposed, this);
        // Torch's kernels that fill the buffer come first, also those that have not begun.
        _cuda.Select(_device);
        _cuda.Record(_computed, CudaRuntime.TorchStream);
        _cuda.Wait(Stream, _computed);
    }

    private void Leave()
    {
        Volatile.Write(ref _queuedAt, _time.GetTimestamp());
        _cuda.Record(_exchanged, Stream);
        Volatile.Write(ref _hasQueued, true);
    }

    private bool IsIdle() => !Volatile.Read(ref _hasQueued) || _cuda.IsReached(_exchanged);

    /// <summary>Notes the first failure and aborts; returns what to throw.</summary>
    private Exception Fail(Exception error)
    {
        lock (_gate)
        {
            if (_failure is null)
            {
                // NCCL calls it an error of its own when the device under it breaks.
                var cause = error is NcclException or TimeoutException ? Cause(error) : error;
                Volatile.Write(ref _failure, ExceptionDispatchInfo.Capture(cause));
                _communicator.Abort();
            }

            return _failure.SourceException;
        }
    }

    private Exception Cause(Exception error) =>
        _cuda.FindFault()
        ?? (
            error is TimeoutException
                ? new PeerLostException(PeerLostException.Unknown, "a collective", error.Message, error)
                : error
        );
}
