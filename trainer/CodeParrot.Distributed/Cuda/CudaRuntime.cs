using System.Runtime.InteropServices;
using System.Text;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Cuda;

/// <summary>
/// What the engine needs of the CUDA runtime and TorchSharp does not bind: streams, events, pinned memory, asynchronous
/// copies, memory figures, the last error. Torch's work is on the legacy default stream (<see cref="TorchStream"/>) of
/// the device that <see cref="Select"/> chose. Safe from many threads; each selects its device first.
/// </summary>
public sealed unsafe class CudaRuntime
{
    /// <summary>The stream that torch's operations are on, since TorchSharp never leaves it.</summary>
    public const nint TorchStream = 0;

    private const int Success = 0;
    private const int NotReady = 600;
    private const int NameBytes = 256;

    // The structure has about 1 KiB today; a call that wrote more than this would be of another CUDA.
    private const int PropertiesBytes = 16 << 10;
    private const uint NonBlocking = 1;
    private const uint BlockingSynchronisation = 1;
    private const uint NoTiming = 2;
    private const uint PortableAllocation = 1;
    private const int CopyKindByAddress = 4;

    private static readonly Lazy<CudaRuntime> _loaded = new(Bind);
    private readonly CudaFunctions _cuda;

    internal CudaRuntime(CudaFunctions functions)
    {
        _cuda = functions;
    }

    /// <summary>The runtime that torch uses in this process; it must have been initialised for CUDA.</summary>
    /// <exception cref="CudaUnavailableException">There is none.</exception>
    public static CudaRuntime Load() => _loaded.Value;

    /// <summary>Number of devices that this process sees.</summary>
    public int DeviceCount
    {
        get
        {
            int count;
            Check(_cuda.GetDeviceCount(&count), "cudaGetDeviceCount");
            return count;
        }
    }

    /// <summary>Makes a device the calling thread's.</summary>
    public void Select(int device) => Check(_cuda.SetDevice(device), "cudaSetDevice");

    /// <summary>Name of a device, such as <c>NVIDIA A100-SXM4-80GB</c>.</summary>
    public string NameOf(int device)
    {
        var properties = new byte[PropertiesBytes];
        fixed (byte* first = properties)
        {
            Check(_cuda.GetDeviceProperties(first, device), "cudaGetDeviceProperties");
        }

        var name = properties.AsSpan(0, NameBytes);
        var end = name.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? name : name[..end]);
    }

    /// <summary>Memory of the calling thread's device in bytes: free for anyone, and in all.</summary>
    public (long FreeBytes, long TotalBytes) Memory()
    {
        nuint free,
            total;
        Check(_cuda.MemGetInfo(&free, &total), "cudaMemGetInfo");
        return ((long)free, (long)total);
    }

    /// <summary>Memory of a device, which becomes the calling thread's.</summary>
    public (long FreeBytes, long TotalBytes) MemoryOf(int device)
    {
        Select(device);
        return Memory();
    }

    /// <summary>A stream that does not wait for the default stream, nor the default stream for it.</summary>
    public CudaStream CreateStream()
    {
        nint stream;
        Check(_cuda.StreamCreateWithFlags(&stream, NonBlocking), "cudaStreamCreateWithFlags");
        return new CudaStream(_cuda, stream);
    }

    /// <summary>An event for ordering, without times; a thread that waits for it sleeps.</summary>
    public CudaEvent CreateEvent()
    {
        nint handle;
        Check(_cuda.EventCreateWithFlags(&handle, BlockingSynchronisation | NoTiming), "cudaEventCreateWithFlags");
        return new CudaEvent(_cuda, handle);
    }

    /// <summary>Memory of the host that copies to and from the device do not have to stage.</summary>
    public PinnedMemory AllocatePinned(long sizeBytes)
    {
        nint memory;
        Check(_cuda.HostAlloc(&memory, (nuint)sizeBytes, PortableAllocation), "cudaHostAlloc");
        return new PinnedMemory(_cuda, memory, sizeBytes);
    }

    /// <summary>The event is reached when all that is on the stream now is done.</summary>
    public void Record(CudaEvent mark, nint stream) =>
        Check(_cuda.EventRecord(mark.DangerousGetHandle(), stream), "cudaEventRecord");

    /// <summary>What comes on the stream from now on waits for the event as it was last recorded.</summary>
    public void Wait(nint stream, CudaEvent mark) =>
        Check(_cuda.StreamWaitEvent(stream, mark.DangerousGetHandle(), 0), "cudaStreamWaitEvent");

    /// <summary>Whether the event is reached; true for one that was never recorded.</summary>
    public bool IsReached(CudaEvent mark)
    {
        var code = _cuda.EventQuery(mark.DangerousGetHandle());
        if (code == NotReady)
        {
            return false;
        }

        Check(code, "cudaEventQuery");
        return true;
    }

    /// <summary>Returns when the event is reached; the thread sleeps until then.</summary>
    public void Await(CudaEvent mark) =>
        Check(_cuda.EventSynchronize(mark.DangerousGetHandle()), "cudaEventSynchronize");

    /// <summary>
    /// Copies between host and device, or within either, in the order of the stream. Both places must stay as they are
    /// until an event after it is reached; from memory that is not pinned the call waits for the copy.
    /// </summary>
    public void Copy(nint destination, nint source, long sizeBytes, nint stream) =>
        Check(_cuda.MemcpyAsync(destination, source, (nuint)sizeBytes, CopyKindByAddress, stream), "cudaMemcpyAsync");

    /// <summary>
    /// Throws what an earlier, asynchronous operation left behind, without clearing it.
    /// </summary>
    /// <exception cref="GpuFaultException">The device is lost for this process.</exception>
    public void ThrowLastError() => Check(_cuda.PeekAtLastError(), "an earlier operation");

    /// <summary>The fault that the device is in, or null: what a failure of something else may come from.</summary>
    public GpuFaultException? FindFault()
    {
        var code = _cuda.PeekAtLastError();
        return GpuFaultException.IsFault(code)
            ? new GpuFaultException("an earlier operation", code, TextOf(code))
            : null;
    }

    private static CudaRuntime Bind()
    {
        var library = NativeImage.Load("libcudart", ["libcudart.so.12", "libcudart.so.13", "libcudart.so"]);
        if (library == 0)
        {
            throw new CudaUnavailableException(
                "the CUDA runtime (libcudart) is not there; build with -p:TorchBackend=cuda, or use the GPU image"
            );
        }

        try
        {
            return new CudaRuntime(new CudaFunctions(name => NativeLibrary.GetExport(library, name)));
        }
        catch (EntryPointNotFoundException e)
        {
            throw new CudaUnavailableException($"this CUDA runtime lacks a function: {e.Message}; use CUDA 12 or 13");
        }
    }

    private void Check(int code, string call)
    {
        if (code == Success)
        {
            return;
        }

        // The error is also kept for the next who asks; one that is not a fault ends with this exception.
        _ = _cuda.GetLastError();
        throw GpuFaultException.IsFault(code)
            ? new GpuFaultException(call, code, TextOf(code))
            : new CudaException(call, code, TextOf(code));
    }

    private string TextOf(int code) => Marshal.PtrToStringUTF8((nint)_cuda.GetErrorString(code)) ?? "unknown";
}
