namespace CodeParrot.Evaluation.Curves;

/// <summary>Takes the noise of single batches out of a curve.</summary>
internal static class Smoothing
{
    /// <summary>
    /// The mean of each point's neighbours within some 5 % of its index: the same width everywhere on a logarithmic
    /// axis, so that the steep beginning keeps its shape.
    /// </summary>
    public static double[] Mean(IReadOnlyList<double> values, int share = 20)
    {
        var sums = new double[values.Count + 1];
        for (var index = 0; index < values.Count; index++)
        {
            sums[index + 1] = sums[index] + values[index];
        }

        var means = new double[values.Count];
        for (var index = 0; index < values.Count; index++)
        {
            // At the end neighbours are on one side only: the last point would otherwise be a single noisy batch.
            var reach = index / share;
            var (start, end) = (index - reach, Math.Min(index + reach + 1, values.Count));
            means[index] = (sums[end] - sums[start]) / (end - start);
        }

        return means;
    }
}
