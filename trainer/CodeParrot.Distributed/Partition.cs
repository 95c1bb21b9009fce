using System.Runtime.InteropServices;

namespace CodeParrot.Distributed;

/// <summary>
/// How a buffer is cut into one slice per rank: contiguous, in rank order, sizes differing by at most one element, the
/// longer slices first.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Partition
{
    private readonly long _base;
    private readonly long _longer;

    /// <summary>Cuts <paramref name="length"/> elements into <paramref name="parts"/> slices.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative length, or less than one part.</exception>
    public Partition(long length, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);

        Length = length;
        Parts = parts;
        (_base, _longer) = Math.DivRem(length, parts);
    }

    /// <summary>Elements in all slices together.</summary>
    public long Length { get; }

    /// <summary>Number of slices.</summary>
    public int Parts { get; }

    /// <summary>First element of slice <paramref name="index"/>.</summary>
    public long Offset(int index)
    {
        ThrowIfNoPart(index);

        return index * _base + Math.Min(index, _longer);
    }

    /// <summary>
    /// Elements in slice <paramref name="index"/>; 0 is possible when there are fewer elements than slices.
    /// </summary>
    public long Count(int index)
    {
        ThrowIfNoPart(index);

        return index < _longer ? _base + 1 : _base;
    }

    private void ThrowIfNoPart(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Parts);
    }
}
