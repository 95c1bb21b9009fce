using System.Runtime.InteropServices;
using CodeParrot.Training.Data;

namespace CodeParrot.Training.Objectives;

/// <summary>Random numbers that are a function of a key and how many were drawn before.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct KeyedDraws(ulong key)
{
    private const double Unit = 1.0 / (1UL << 53);

    private ulong _count;

    /// <summary>Returns a number in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * Unit;

    /// <summary>Returns a number from 0 to below <paramref name="limit"/>.</summary>
    public long Below(long limit) => (long)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>
    /// Chooses different numbers from 0 to below <paramref name="count"/>, ascending, every set equally likely (Knuth,
    /// TAOCP 3.4.2, algorithm S).
    /// </summary>
    public void Choose(long count, Span<long> chosen)
    {
        var found = 0;
        for (var candidate = 0L; found < chosen.Length; candidate++)
        {
            if (Below(count - candidate) < chosen.Length - found)
            {
                chosen[found++] = candidate;
            }
        }
    }

    /// <summary>Divides <paramref name="total"/> into parts of at least 1, every division equally likely.</summary>
    public void Divide(long total, Span<long> parts)
    {
        // The parts are the distances between cuts, chosen among the total - 1 places between neighbours.
        var cuts = parts[..^1];
        Choose(total - 1, cuts);
        var before = 0L;
        for (var i = 0; i < cuts.Length; i++)
        {
            var cut = cuts[i] + 1;
            parts[i] = cut - before;
            before = cut;
        }

        parts[^1] = total - before;
    }

    private ulong Next() => Mix.Of(key, _count++);
}
