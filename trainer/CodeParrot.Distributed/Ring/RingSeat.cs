using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Ring;

/// <summary>A rank's place in the ring: it receives from the previous rank and sends to the next.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RingSeat(int Rank, int WorldSize)
{
    public int Next => (Rank + 1) % WorldSize;

    public int Previous => (Rank + WorldSize - 1) % WorldSize;
}
