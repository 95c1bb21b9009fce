using System.Runtime.InteropServices;

namespace CodeParrot.Corpus.Dedup;

/// <summary>
/// How a signature is cut into bands: documents are candidates when all rows of any one band are equal, which happens
/// to a pair of similarity s with the probability 1 - (1 - s^rows)^bands.
/// </summary>
/// <param name="Bands">Pieces of the signature.</param>
/// <param name="Rows">Minima in each.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Banding(int Bands, int Rows)
{
    private const int Steps = 1000;

    /// <summary>Gets the minima that are looked at, at most the permutations that were given.</summary>
    public int Minima => Bands * Rows;

    /// <summary>Returns the probability that a pair of this similarity becomes a candidate.</summary>
    public double ProbabilityAt(double similarity) => 1 - Math.Pow(1 - Math.Pow(similarity, Rows), Bands);

    /// <summary>
    /// Chooses the bands as the library datasketch does: of all that fit, those with the least weighted sum of the
    /// false candidates (the area under the curve left of the similarity) and the missed ones (the area above it to
    /// the right).
    /// </summary>
    /// <param name="similarity">Where the curve is to rise, above 0 and at most 1.</param>
    /// <param name="permutations">The most minima there may be.</param>
    /// <param name="missWeight">
    /// What a missed pair weighs, 0 to 1; a false candidate weighs the rest. 0.5 is the library's default.
    /// </param>
    public static Banding Choose(double similarity, int permutations, double missWeight)
    {
        var best = new Banding(1, 1);
        var least = double.PositiveInfinity;
        var points = Enumerable.Range(0, Steps).Select(step => (step + 0.5) / Steps).ToArray();
        // s^rows, then (1 - s^rows)^bands, each from the one before by one product.
        var powers = Enumerable.Repeat(1.0, Steps).ToArray();
        var missed = new double[Steps];
        for (var rows = 1; rows <= permutations; rows++)
        {
            for (var i = 0; i < Steps; i++)
                powers[i] *= points[i];
            Array.Fill(missed, 1);
            for (var bands = 1; bands <= permutations / rows; bands++)
            {
                for (var i = 0; i < Steps; i++)
                    missed[i] *= 1 - powers[i];
                var error = Error(points, missed, similarity, missWeight);
                if (error < least || (error == least && bands < best.Bands))
                    (best, least) = (new Banding(bands, rows), error);
            }
        }
        return best;
    }

    private static double Error(double[] points, double[] missed, double similarity, double missWeight)
    {
        var (falseArea, missArea) = (0.0, 0.0);
        for (var i = 0; i < points.Length; i++)
        {
            if (points[i] < similarity)
                falseArea += 1 - missed[i];
            else
                missArea += missed[i];
        }
        return ((1 - missWeight) * falseArea) + (missWeight * missArea);
    }
}
