using System.Runtime.InteropServices;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Cuda;

/// <summary>Page-locked memory of the host. It must outlive every copy to and from it.</summary>
public sealed unsafe class PinnedMemory : SafeHandle
{
    private readonly CudaFunctions _cuda;

    internal PinnedMemory(CudaFunctions cuda, nint memory, long sizeBytes)
        : base(0, ownsHandle: true)
    {
        _cuda = cuda;
        SizeBytes = sizeBytes;
        SetHandle(memory);
    }

    /// <summary>Its size.</summary>
    public long SizeBytes { get; }

    /// <summary>Address of the first byte, as long as this is not disposed.</summary>
    public nint Address => handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => _cuda.FreeHost(handle) == 0;
}
