using System.Numerics;

namespace CodeParrot.Training.Data;

/// <summary>
/// A permutation of 0 … n-1 chosen by a key, in constant memory and without a table: a Feistel network over the
/// smallest even number of bits that holds n, walked along its cycle until the result lies below n (Black and Rogaway
/// 2002).
/// </summary>
public sealed class KeyedPermutation
{
    // Four rounds make a pseudo-random permutation of large domains; small ones mix better with a few more.
    private const int RoundCount = 8;

    private readonly ulong _key;
    private readonly ulong _count;
    private readonly int _halfBits;
    private readonly ulong _halfMask;

    /// <summary>The permutation of a key.</summary>
    /// <param name="count">n, at least 1.</param>
    /// <param name="key">Any number; neighbouring keys give unrelated permutations.</param>
    public KeyedPermutation(long count, ulong key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _key = key;
        _count = (ulong)count;
        var bits = 64 - BitOperations.LeadingZeroCount(_count - 1);
        _halfBits = Math.Max(1, (bits + 1) / 2);
        _halfMask = (1UL << _halfBits) - 1;
    }

    /// <summary>Returns where an index goes.</summary>
    /// <param name="index">0 … n-1.</param>
    public long At(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)index, _count);
        var value = (ulong)index;
        do
        {
            // The domain is below 4n, so a walk takes fewer than four turns on average.
            value = Encrypt(value);
        } while (value >= _count);
        return (long)value;
    }

    private ulong Encrypt(ulong value)
    {
        var left = value >> _halfBits;
        var right = value & _halfMask;
        for (var round = 0UL; round < RoundCount; round++)
        {
            (left, right) = (right, left ^ (Mix.Of(_key, round, right) & _halfMask));
        }
        return (left << _halfBits) | right;
    }
}
