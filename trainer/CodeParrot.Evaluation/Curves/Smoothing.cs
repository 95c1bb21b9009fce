namespace CodeParrot.Evaluation.Curves;

/// <summary>Takes the noise of single batches out of a curve.</summary>
internal static class Smoothing
{
    /// <summary>
    /// The mean of each point's neighbours within some 5 % of its index: the same width everywhere on a logarithmic axis, so
    /// that the steep beginning keeps its shape.
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
            var reach = Math.Min(index / share, values.Count - 1 - index);
            means[index] = (sums[index + reach + 1] - sums[index - reach]) / ((2 * reach) + 1);
        }

        return means;
    }
}
