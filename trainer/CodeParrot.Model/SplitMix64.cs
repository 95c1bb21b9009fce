namespace CodeParrot.Model;

/// <summary>Derives independent seeds and random words from a seed and a counter (Steele, Lea, Flood 2014).</summary>
internal static class SplitMix64
{
    private const ulong GoldenGamma = 0x9e3779b97f4a7c15;

    /// <summary>A word that depends on every bit of both.</summary>
    public static ulong Mix(ulong seed, ulong counter) => Finish(Finish(seed + GoldenGamma) + counter * GoldenGamma);

    /// <summary>A number in [0, 1) with 53 random bits.</summary>
    public static double Uniform(ulong seed, ulong counter) => (Mix(seed, counter) >> 11) * (1.0 / (1UL << 53));

    private static ulong Finish(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
