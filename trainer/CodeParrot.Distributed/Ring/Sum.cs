using System.Numerics;
using System.Runtime.Intrinsics;

namespace CodeParrot.Distributed.Ring;

/// <summary>
/// Adds what was received to what is held. One addition per element, so the vector width changes no bit.
/// </summary>
internal static unsafe class Sum
{
    /// <summary>
    /// Adds <paramref name="count"/> elements of <paramref name="source"/> to <paramref name="target"/>.
    /// </summary>
    public static void Add<T>(T* target, T* source, long count)
        where T : unmanaged, INumberBase<T>
    {
        var index = 0L;
        if (Vector512.IsHardwareAccelerated)
        {
            for (var width = Vector512<T>.Count; index <= count - width; index += width)
            {
                (Vector512.Load(target + index) + Vector512.Load(source + index)).Store(target + index);
            }
        }
        else
        {
            for (var width = Vector256<T>.Count; index <= count - width; index += width)
            {
                (Vector256.Load(target + index) + Vector256.Load(source + index)).Store(target + index);
            }
        }

        for (; index < count; index++)
        {
            target[index] += source[index];
        }
    }
}
