using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Distributed.Native;
using CodeParrot.Distributed.Nccl;

namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>
/// Devices whose streams run in an order drawn from a seed, as late as what waits for them allows: work that is not
/// ordered by an event runs too early or too late in some order. Host memory stands for device memory. The engine calls
/// it through the same function pointers as it calls CUDA and NCCL, see <see cref="FakeCuda"/> and
/// <see cref="FakeNccl"/>; these know one world at a time.
/// </summary>
internal sealed class FakeGpus : IDisposable
{
    private readonly Random _random;
    private readonly Dictionary<(int Device, nint Stream), Queue<DeviceWork>> _streams = [];
    private readonly Dictionary<nint, DeviceEvent> _events = [];
    private readonly Dictionary<int, DeviceCollective> _collectives = [];
    private readonly Dictionary<nint, int> _queuedBy = [];
    private readonly HashSet<nint> _aborted = [];
    private nint _nextHandle = 1000;

    public FakeGpus(int worldSize, int seed = 1)
    {
        WorldSize = worldSize;
        _random = new Random(seed);
        Calls = [.. Enumerable.Range(0, worldSize).Select(_ => new List<string>())];
        Current = this;
    }

    /// <summary>The world that the function pointers serve.</summary>
    public static FakeGpus Current { get; private set; } = null!;

    public object Gate { get; } = new();

    public int WorldSize { get; }

    /// <summary>What each device was asked, in order.</summary>
    public List<string>[] Calls { get; }

    /// <summary>How often NCCL says "in progress" before a call is done.</summary>
    public int InProgressAnswers { get; set; }

    /// <summary>What NCCL answers when asked for asynchronous errors, by rank.</summary>
    public Dictionary<int, NcclResult> AsyncErrors { get; } = [];

    /// <summary>What CUDA has as its last error.</summary>
    public int LastError { get; set; }

    /// <summary>Threads that waited for a device.</summary>
    public ConcurrentDictionary<int, bool> WaitingThreads { get; } = [];

    public int NcclVersion { get; set; } = 22703;

    /// <summary>Called when NCCL is asked for its state.</summary>
    public Action Asked { get; set; } = () => { };

    /// <summary>Handles that were made and not released.</summary>
    public HashSet<nint> Living { get; } = [];

    public static CudaRuntime Cuda { get; } = new(new CudaFunctions(FakeCuda.Export));

    public static NcclLibrary Nccl() => new(new NcclFunctions(FakeNccl.Export));

    public void Dispose() => Current = null!;

    public nint NewHandle()
    {
        lock (Gate)
        {
            Living.Add(++_nextHandle);
            return _nextHandle;
        }
    }

    public nint NewEvent()
    {
        var handle = NewHandle();
        lock (Gate)
        {
            _events.Add(handle, new DeviceEvent());
        }

        return handle;
    }

    public int Release(nint handle)
    {
        lock (Gate)
        {
            return Living.Remove(handle) ? 0 : 400;
        }
    }

    /// <summary>Queues work of torch, which reads or writes a buffer.</summary>
    public void Torch(int device, Action run) => Queue(device, CudaRuntime.TorchStream, run);

    /// <summary>Queues work on a stream.</summary>
    public void Queue(int device, nint stream, Action run) => Enqueue(device, stream, new(() => true, run));

    public void Note(int device, string call)
    {
        lock (Gate)
        {
            Calls[device].Add(call);
        }
    }

    public void Record(int device, nint mark, nint stream)
    {
        lock (Gate)
        {
            var version = ++_events[mark].Recorded;
            Enqueue(device, stream, new(() => true, () => _events[mark].Reached = version));
        }
    }

    public void Wait(int device, nint stream, nint mark)
    {
        lock (Gate)
        {
            var version = _events[mark].Recorded;
            Enqueue(device, stream, new(() => _events[mark].Reached >= version, () => { }));
        }
    }

    public bool IsReached(nint mark)
    {
        lock (Gate)
        {
            return _events[mark].Reached >= _events[mark].Recorded;
        }
    }

    /// <summary>Lets the devices work until the event is reached, or until a test's patience ends.</summary>
    public int Synchronise(nint mark)
    {
        lock (Gate)
        {
            while (_events[mark].Reached < _events[mark].Recorded)
            {
                if (TryStep())
                {
                    Monitor.PulseAll(Gate);
                }
                else if (!Monitor.Wait(Gate, TimeSpan.FromMinutes(1)))
                {
                    return 999;
                }
            }
        }

        return 0;
    }

    /// <summary>Lets the devices do all that can be done.</summary>
    public void Drain()
    {
        lock (Gate)
        {
            while (TryStep()) { }
        }
    }

    public void Collective(
        int device,
        nint communicator,
        nint stream,
        string call,
        nint send,
        nint receive,
        Action<nint[], nint[]> exchange
    )
    {
        lock (Gate)
        {
            var index = _queuedBy[communicator] = _queuedBy.GetValueOrDefault(communicator) + 1;
            if (!_collectives.TryGetValue(index, out var collective))
            {
                _collectives[index] = collective = new DeviceCollective(call, WorldSize);
            }

            Assert.Equal(collective.Call, call);
            var work = new DeviceWork(
                () => _aborted.Contains(communicator) || collective.CanRun(),
                () =>
                {
                    collective.IsAborted |= _aborted.Contains(communicator);
                    collective.Run(exchange);
                }
            );
            collective.Join(device, StreamOf(device, stream), work, send, receive);
            Enqueue(device, stream, work);
        }
    }

    public void Abort(nint communicator)
    {
        lock (Gate)
        {
            _aborted.Add(communicator);
            Monitor.PulseAll(Gate);
        }
    }

    /// <summary>The floats that stand for a device's buffer, at a fixed address.</summary>
    public static float[] Buffer(int length) => GC.AllocateArray<float>(length, pinned: true);

    public static nint AddressOf(float[] buffer) => Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0);

    private Queue<DeviceWork> StreamOf(int device, nint stream)
    {
        if (!_streams.TryGetValue((device, stream), out var queue))
        {
            _streams[(device, stream)] = queue = new Queue<DeviceWork>();
        }

        return queue;
    }

    private void Enqueue(int device, nint stream, DeviceWork work)
    {
        lock (Gate)
        {
            StreamOf(device, stream).Enqueue(work);
            Monitor.PulseAll(Gate);
        }
    }

    private bool TryStep()
    {
        var ready = _streams.Values.Where(s => s.TryPeek(out var head) && head.CanRun()).ToList();
        if (ready.Count == 0)
        {
            return false;
        }

        var stream = ready[_random.Next(ready.Count)];
        stream.Peek().Run();
        stream.Dequeue();
        return true;
    }
}
