using System.Runtime.CompilerServices;

namespace CodeParrot.Distributed.Native;

/// <summary>
/// <c>ncclUniqueId</c>: 128 bytes that rank 0 makes and all ranks pass, by value, to become one communicator.
/// </summary>
[InlineArray(SizeBytes)]
internal struct NcclUniqueId
{
    public const int SizeBytes = 128;

    private byte _first;
}
