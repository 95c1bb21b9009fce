using System.Runtime.InteropServices;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Cuda;

/// <summary>A mark in a stream that other streams and the host can wait for.</summary>
public sealed unsafe class CudaEvent : SafeHandle
{
    private readonly CudaFunctions _cuda;

    internal CudaEvent(CudaFunctions cuda, nint handle)
        : base(0, ownsHandle: true)
    {
        _cuda = cuda;
        SetHandle(handle);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => _cuda.EventDestroy(handle) == 0;
}
