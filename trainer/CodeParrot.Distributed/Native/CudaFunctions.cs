namespace CodeParrot.Distributed.Native;

/// <summary>
/// The CUDA runtime's functions as pointers with their C signatures, bound by name from the library, or in tests from
/// functions of our own. Every function that returns an int returns a <c>cudaError_t</c>.
/// </summary>
internal sealed unsafe class CudaFunctions
{
    public readonly delegate* unmanaged[Cdecl]<int*, int> GetDeviceCount;
    public readonly delegate* unmanaged[Cdecl]<int, int> SetDevice;

    /// <summary>properties, device. Of the structure, whose size differs by version, only the name is read.</summary>
    public readonly delegate* unmanaged[Cdecl]<byte*, int, int> GetDeviceProperties;

    /// <summary>free bytes, total bytes; of the calling thread's device.</summary>
    public readonly delegate* unmanaged[Cdecl]<nuint*, nuint*, int> MemGetInfo;
    public readonly delegate* unmanaged[Cdecl]<nint*, uint, int> StreamCreateWithFlags;
    public readonly delegate* unmanaged[Cdecl]<nint, int> StreamDestroy;

    /// <summary>stream, event, flags.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, nint, uint, int> StreamWaitEvent;
    public readonly delegate* unmanaged[Cdecl]<nint*, uint, int> EventCreateWithFlags;

    /// <summary>event, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, nint, int> EventRecord;
    public readonly delegate* unmanaged[Cdecl]<nint, int> EventQuery;
    public readonly delegate* unmanaged[Cdecl]<nint, int> EventSynchronize;
    public readonly delegate* unmanaged[Cdecl]<nint, int> EventDestroy;

    /// <summary>pointer, bytes, flags.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint*, nuint, uint, int> HostAlloc;
    public readonly delegate* unmanaged[Cdecl]<nint, int> FreeHost;

    /// <summary>destination, source, bytes, kind, stream.</summary>
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, int> MemcpyAsync;
    public readonly delegate* unmanaged[Cdecl]<int> PeekAtLastError;
    public readonly delegate* unmanaged[Cdecl]<int> GetLastError;
    public readonly delegate* unmanaged[Cdecl]<int, byte*> GetErrorString;

    /// <summary>Binds every function.</summary>
    /// <param name="export">Returns the address of a name; throws if there is none.</param>
    public CudaFunctions(Func<string, nint> export)
    {
        GetDeviceCount = (delegate* unmanaged[Cdecl]<int*, int>)export("cudaGetDeviceCount");
        SetDevice = (delegate* unmanaged[Cdecl]<int, int>)export("cudaSetDevice");
        GetDeviceProperties = (delegate* unmanaged[Cdecl]<byte*, int, int>)export("cudaGetDeviceProperties");
        MemGetInfo = (delegate* unmanaged[Cdecl]<nuint*, nuint*, int>)export("cudaMemGetInfo");
        StreamCreateWithFlags = (delegate* unmanaged[Cdecl]<nint*, uint, int>)export("cudaStreamCreateWithFlags");
        StreamDestroy = (delegate* unmanaged[Cdecl]<nint, int>)export("cudaStreamDestroy");
        StreamWaitEvent = (delegate* unmanaged[Cdecl]<nint, nint, uint, int>)export("cudaStreamWaitEvent");
        EventCreateWithFlags = (delegate* unmanaged[Cdecl]<nint*, uint, int>)export("cudaEventCreateWithFlags");
        EventRecord = (delegate* unmanaged[Cdecl]<nint, nint, int>)export("cudaEventRecord");
        EventQuery = (delegate* unmanaged[Cdecl]<nint, int>)export("cudaEventQuery");
        EventSynchronize = (delegate* unmanaged[Cdecl]<nint, int>)export("cudaEventSynchronize");
        EventDestroy = (delegate* unmanaged[Cdecl]<nint, int>)export("cudaEventDestroy");
        HostAlloc = (delegate* unmanaged[Cdecl]<nint*, nuint, uint, int>)export("cudaHostAlloc");
        FreeHost = (delegate* unmanaged[Cdecl]<nint, int>)export("cudaFreeHost");
        MemcpyAsync = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, int>)export("cudaMemcpyAsync");
        PeekAtLastError = (delegate* unmanaged[Cdecl]<int>)export("cudaPeekAtLastError");
        GetLastError = (delegate* unmanaged[Cdecl]<int>)export("cudaGetLastError");
        GetErrorString = (delegate* unmanaged[Cdecl]<int, byte*>)export("cudaGetErrorString");
    }
}
