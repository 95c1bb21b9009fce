using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Native;

/// <summary>
/// <c>ncclConfig_t</c> as NCCL 2.17 had it. Later versions append fields, and take an older structure by the size and
/// the version that it states.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NcclConfig
{
    /// <summary>First NCCL that knows this layout, in its own count: major × 10000 + minor × 100 + patch.</summary>
    public const uint LayoutVersion = 21700;

    private const uint MagicWord = 0xcafebeef;
    private const int Undefined = int.MinValue;

    public nuint SizeBytes;
    public uint Magic;
    public uint Version;
    public int Blocking;
    public int CgaClusterSize;
    public int MinCtas;
    public int MaxCtas;
    public nint NetName;

    /// <summary>
    /// A communicator whose calls return at once: one that waits for a lost peer can then be aborted by this process.
    /// </summary>
    public static unsafe NcclConfig NonBlocking =>
        new()
        {
            SizeBytes = (nuint)sizeof(NcclConfig),
            Magic = MagicWord,
            Version = LayoutVersion,
            Blocking = 0,
            CgaClusterSize = Undefined,
            MinCtas = Undefined,
            MaxCtas = Undefined,
            NetName = 0,
        };
}
