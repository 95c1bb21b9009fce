namespace CodeParrot.Benchmarks.Operator;

/// <summary>One line of the result.</summary>
/// <param name="What">What was measured, with its unit.</param>
/// <param name="Values">Every measurement.</param>
/// <param name="Baselines">Every measurement of the baseline; none where there is no such thing.</param>
/// <param name="Target">What is wanted.</param>
internal sealed record Figure(string What, IReadOnlyList<double> Values, IReadOnlyList<double> Baselines, string Target)
{
    /// <summary>Head of the table.</summary>
    public static string Head => $"{"", -52}{"median", 10}{"baseline", 10}{"ratio", 8}  target";

    /// <inheritdoc/>
    public override string ToString()
    {
        var (value, baseline) = (Median(Values), Median(Baselines));
        var all = string.Join(" ", Values.Select(Short)) + (Baselines.Count > 0 ? " / " : "");
        return $"{What, -52}{Short(value), 10}{Short(baseline), 10}{Short(value / baseline), 8}  {Target}"
            + (Values.Count > 1 ? $"\n    ({all}{string.Join(" ", Baselines.Select(Short))})" : "");
    }

    private static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Short(double value) =>
        double.IsNaN(value) ? "–"
        : Math.Abs(value) >= 100 ? $"{value:0}"
        : Math.Abs(value) >= 10 ? $"{value:0.0}"
        : $"{value:0.000}";
}
