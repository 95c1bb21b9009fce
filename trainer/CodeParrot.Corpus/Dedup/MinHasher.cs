using System.Numerics;
using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Dedup;

/// <summary>
/// MinHash (Broder 1997): the minima of a set under many hash functions, of which two sets share a fraction that is
/// their Jaccard similarity in the mean. Function i maps a token's hash h to a_i h + b_i modulo 2^32, with a_i odd:
/// one product of 32 bits in each lane of a vector. Safe for concurrent use.
/// </summary>
internal sealed class MinHasher
{
    // Four vectors of factors, of addends and of minima fit the registers of any processor with vectors.
    private static readonly int Block = 4 * Vector<uint>.Count;

    private readonly uint[] _factors;
    private readonly uint[] _addends;

    /// <summary>Draws the functions; the same seed draws the same ones.</summary>
    /// <param name="count">How many there are, at least 1.</param>
    /// <param name="seed">Where the draws begin.</param>
    public MinHasher(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        // Functions beyond the count fill the last block, and what they find is thrown away.
        var padded = (count + Block - 1) / Block * Block;
        _factors = new uint[padded];
        _addends = new uint[padded];
        for (var i = 0; i < count; i++)
        {
            var drawn = Mix(seed + ((ulong)(i + 1) * 0x9E37_79B9_7F4A_7C15));
            _factors[i] = (uint)drawn | 1;
            _addends[i] = (uint)(drawn >> 32);
        }
    }

    /// <summary>Gets the number of functions.</summary>
    public int Count { get; }

    /// <summary>Returns the minima over the tokens; all are <see cref="uint.MaxValue"/> without any.</summary>
    public uint[] Compute(ReadOnlySpan<uint> tokens)
    {
        var minima = new uint[_factors.Length];
        var factors = MemoryMarshal.Cast<uint, Vector<uint>>(_factors);
        var addends = MemoryMarshal.Cast<uint, Vector<uint>>(_addends);
        var results = MemoryMarshal.Cast<uint, Vector<uint>>(minima.AsSpan());
        for (var i = 0; i < results.Length; i += 4)
        {
            var (a0, a1, a2, a3) = (factors[i], factors[i + 1], factors[i + 2], factors[i + 3]);
            var (b0, b1, b2, b3) = (addends[i], addends[i + 1], addends[i + 2], addends[i + 3]);
            var (m0, m1, m2, m3) = (
                Vector<uint>.AllBitsSet,
                Vector<uint>.AllBitsSet,
                Vector<uint>.AllBitsSet,
                Vector<uint>.AllBitsSet
            );
            foreach (var token in tokens)
            {
                var h = new Vector<uint>(token);
                m0 = Vector.Min(m0, (h * a0) + b0);
                m1 = Vector.Min(m1, (h * a1) + b1);
                m2 = Vector.Min(m2, (h * a2) + b2);
                m3 = Vector.Min(m3, (h * a3) + b3);
            }
            (results[i], results[i + 1], results[i + 2], results[i + 3]) = (m0, m1, m2, m3);
        }
        return minima[..Count];
    }

    // The last step of SplitMix64 (Steele, Lea and Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
