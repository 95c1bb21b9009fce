namespace CodeParrot.Training.Data;

/// <summary>Well-mixed 64-bit numbers from a few others (the finaliser of SplitMix64, Steele et al. 2014).</summary>
internal static class Mix
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Returns a number that depends on every bit of all parts, and on their order.</summary>
    public static ulong Of(ulong first, ulong second, ulong third = 0) =>
        Finish(Finish(Finish(first + Gamma) + second + Gamma) + third + Gamma);

    private static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
