using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Native;

/// <summary><c>struct pollfd</c>; a negative descriptor is skipped by the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollTarget
{
    public int Descriptor;
    public PollEvents Wanted;
    public PollEvents Ready;
}
