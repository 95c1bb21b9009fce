using System.Runtime.InteropServices;

namespace CodeParrot.Model;

/// <summary>A contiguous part of the flat parameter and gradient buffers, in elements.</summary>
/// <param name="Offset">First element.</param>
/// <param name="Count">Number of elements.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ParameterRange(long Offset, long Count)
{
    /// <summary>One past the last element.</summary>
    public long End => Offset + Count;
}
