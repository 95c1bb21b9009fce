using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Ring;

/// <summary>A stretch of the buffer of a collective, in bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Segment(long Offset, long Bytes);
