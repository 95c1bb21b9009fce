using System.Runtime.InteropServices;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Cuda;

/// <summary>A queue of device work.</summary>
public sealed unsafe class CudaStream : SafeHandle
{
    private readonly CudaFunctions _cuda;

    internal CudaStream(CudaFunctions cuda, nint stream)
        : base(0, ownsHandle: true)
    {
        _cuda = cuda;
        SetHandle(stream);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => _cuda.StreamDestroy(handle) == 0;
}
