using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace CodeParrot.Distributed.Tests.Nccl;

/// <summary>The CUDA runtime's C functions, served by <see cref="FakeGpus"/>.</summary>
internal static unsafe class FakeCuda
{
    private const int NotReady = 600;
    private static readonly nint _text = Marshal.StringToCoTaskMemUTF8("as the test wants it");

    [ThreadStatic]
    private static int _device;

    /// <summary>Device of the calling thread.</summary>
    public static int Device => _device;

    private static FakeGpus Gpus => FakeGpus.Current;

    public static nint Export(string name) =>
        name switch
        {
            "cudaGetDeviceCount" => (nint)(delegate* unmanaged[Cdecl]<int*, int>)&GetDeviceCount,
            "cudaSetDevice" => (nint)(delegate* unmanaged[Cdecl]<int, int>)&SetDevice,
            "cudaGetDeviceProperties" => (nint)(delegate* unmanaged[Cdecl]<byte*, int, int>)&GetDeviceProperties,
            "cudaMemGetInfo" => (nint)(delegate* unmanaged[Cdecl]<nuint*, nuint*, int>)&MemGetInfo,
            "cudaStreamCreateWithFlags" => (nint)(delegate* unmanaged[Cdecl]<nint*, uint, int>)&StreamCreate,
            "cudaStreamDestroy" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&Release,
            "cudaStreamWaitEvent" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, uint, int>)&StreamWaitEvent,
            "cudaEventCreateWithFlags" => (nint)(delegate* unmanaged[Cdecl]<nint*, uint, int>)&EventCreate,
            "cudaEventRecord" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, int>)&EventRecord,
            "cudaEventQuery" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&EventQuery,
            "cudaEventSynchronize" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&EventSynchronize,
            "cudaEventDestroy" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&Release,
            "cudaHostAlloc" => (nint)(delegate* unmanaged[Cdecl]<nint*, nuint, uint, int>)&HostAlloc,
            "cudaFreeHost" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&FreeHost,
            "cudaMemcpyAsync" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, int>)&MemcpyAsync,
            "cudaPeekAtLastError" => (nint)(delegate* unmanaged[Cdecl]<int>)&PeekAtLastError,
            "cudaGetLastError" => (nint)(delegate* unmanaged[Cdecl]<int>)&PeekAtLastError,
            "cudaGetErrorString" => (nint)(delegate* unmanaged[Cdecl]<int, byte*>)&GetErrorString,
            _ => throw new EntryPointNotFoundException(name),
        };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetDeviceCount(int* count)
    {
        *count = Gpus.WorldSize;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SetDevice(int device)
    {
        _device = device;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetDeviceProperties(byte* properties, int device)
    {
        var name = Encoding.UTF8.GetBytes($"Fake {device}\0of which this is the rest");
        name.CopyTo(new Span<byte>(properties, name.Length));
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int MemGetInfo(nuint* free, nuint* total)
    {
        (*free, *total) = (3, 8);
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamCreate(nint* stream, uint flags)
    {
        *stream = Gpus.NewHandle();
        Gpus.Note(_device, $"stream flags {flags}");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int StreamWaitEvent(nint stream, nint mark, uint flags)
    {
        Gpus.Wait(_device, stream, mark);
        Gpus.Note(_device, $"{Name(stream)} waits");
        return (int)flags;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventCreate(nint* mark, uint flags)
    {
        *mark = Gpus.NewEvent();
        Gpus.Note(_device, $"event flags {flags}");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventRecord(nint mark, nint stream)
    {
        Gpus.Record(_device, mark, stream);
        Gpus.Note(_device, $"record on {Name(stream)}");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventQuery(nint mark) => Gpus.IsReached(mark) ? Gpus.LastError : NotReady;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventSynchronize(nint mark)
    {
        Gpus.Note(_device, "host waits");
        Gpus.WaitingThreads.TryAdd(Environment.CurrentManagedThreadId, true);
        var result = Gpus.Synchronise(mark);
        return result != 0 ? result : Gpus.LastError;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Release(nint handle) => Gpus.Release(handle);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int HostAlloc(nint* memory, nuint sizeBytes, uint flags)
    {
        *memory = (nint)NativeMemory.AllocZeroed(sizeBytes);
        lock (Gpus.Gate)
        {
            Gpus.Living.Add(*memory);
        }

        return flags == 1 ? 0 : 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FreeHost(nint memory)
    {
        NativeMemory.Free((void*)memory);
        return Gpus.Release(memory);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int MemcpyAsync(nint destination, nint source, nuint sizeBytes, int kind, nint stream)
    {
        Gpus.Queue(
            _device,
            stream,
            () => System.Buffer.MemoryCopy((void*)source, (void*)destination, (long)sizeBytes, (long)sizeBytes)
        );
        return kind == 4 ? 0 : 1;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int PeekAtLastError() => Gpus.LastError;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetErrorString(int code) => code == 0 ? null : (byte*)_text;

    private static string Name(nint stream) => stream == 0 ? "torch" : "nccl";
}
