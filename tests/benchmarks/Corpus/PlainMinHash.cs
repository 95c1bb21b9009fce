using System.Security.Cryptography;
using System.Text;

namespace CodeParrot.Benchmarks.Corpus;

/// <summary>
/// The baseline: MinHash as the library datasketch computes it, put down plainly. A token's hash is the first 32 bits
/// of its SHA-1; each permutation is one product modulo 2^61 - 1 a token.
/// </summary>
internal sealed class PlainMinHash
{
    private const ulong Prime = (1UL << 61) - 1;

    private readonly ulong[] _factors;
    private readonly ulong[] _addends;

    public PlainMinHash(int permutations)
    {
        var random = new Random(1);
        _factors = [.. Enumerable.Range(0, permutations).Select(_ => (ulong)random.NextInt64(1, (long)Prime))];
        _addends = [.. Enumerable.Range(0, permutations).Select(_ => (ulong)random.NextInt64(0, (long)Prime))];
    }

    /// <summary>Returns the set of a text's tokens, by the book's recipe; nothing for fewer than 10.</summary>
    public static HashSet<string>? TokensOf(string text)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        var tokens = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '_'))
            {
                i++;
            }

            if (i > start)
            {
                tokens++;
                set.Add(text[start..i]);
            }
        }

        return tokens < 10 ? null : set;
    }

    /// <summary>Returns the minima of all permutations.</summary>
    public uint[] Compute(HashSet<string> tokens)
    {
        var minima = new uint[_factors.Length];
        Array.Fill(minima, uint.MaxValue);
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        foreach (var token in tokens)
        {
#pragma warning disable CA5350 // The library's hash; nothing is protected by it.
            SHA1.HashData(Encoding.UTF8.GetBytes(token), digest);
#pragma warning restore CA5350
            ulong hash = BitConverter.ToUInt32(digest);
            for (var i = 0; i < minima.Length; i++)
            {
                // The library lets the product wrap at 2^64 before it takes the remainder.
                var permuted = (uint)(((_factors[i] * hash) + _addends[i]) % Prime);
                minima[i] = Math.Min(minima[i], permuted);
            }
        }

        return minima;
    }

    /// <summary>Jaccard similarity of two sets.</summary>
    public static double Similarity(HashSet<string> one, HashSet<string> other)
    {
        var (small, large) = one.Count < other.Count ? (one, other) : (other, one);
        var shared = small.Count(large.Contains);
        return (double)shared / (one.Count + other.Count - shared);
    }
}
