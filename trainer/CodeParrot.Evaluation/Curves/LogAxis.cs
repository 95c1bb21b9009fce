using System.Globalization;

namespace CodeParrot.Evaluation.Curves;

/// <summary>A logarithmic axis: its limits around some values, and ticks at round numbers.</summary>
/// <param name="Low">Least value shown, above 0.</param>
/// <param name="High">Greatest value shown.</param>
internal sealed record LogAxis(double Low, double High)
{
    // From sparse to dense: the densest that still fits is taken.
    private static readonly double[][] Mantissas =
    [
        [1],
        [1, 3],
        [1, 2, 5],
        [1, 1.5, 2, 3, 5, 8],
        [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
    ];

    /// <summary>Limits a little wider than the values; a decade around a single one.</summary>
    public static LogAxis Around(IReadOnlyCollection<double> values, double margin = 0.04)
    {
        if (values.Count == 0)
        {
            return new(1, 10);
        }

        var (low, high) = (Math.Log10(values.Min()), Math.Log10(values.Max()));
        var room = Math.Max((high - low) * margin, 0.005);
        return high > low ? new(Power(low - room), Power(high + room)) : new(Power(low - 0.5), Power(low + 0.5));
    }

    /// <summary>Round numbers inside the limits, ascending, about as many as asked for and at least two.</summary>
    public IReadOnlyList<double> Ticks(int mostCount)
    {
        List<double> best = [];
        foreach (var mantissas in Mantissas)
        {
            var ticks = WithMantissas(mantissas);
            if (ticks.Count <= mostCount)
            {
                best = ticks;
            }
        }

        // Many decades: every second, every third, … power of ten. Less than a decade: steps of equal size.
        for (var stride = 2; best.Count < 2 && Math.Log10(High / Low) > mostCount; stride++)
        {
            var ticks = WithMantissas([1]).Where((_, index) => index % stride == 0).ToList();
            best = ticks.Count <= mostCount ? ticks : best;
        }

        return best.Count >= Math.Min(4, mostCount) || Math.Log10(High / Low) > 1 ? best : Linear(mostCount);
    }

    /// <summary>Unlabelled ticks between those of <see cref="Ticks"/>: 1, 2, … 9 of each decade.</summary>
    public IReadOnlyList<double> MinorTicks() => WithMantissas([1, 2, 3, 4, 5, 6, 7, 8, 9]);

    /// <summary>A short spelling: 1.5, 800, 10k, 2.5M, 3B.</summary>
    public static string Label(double value)
    {
        var (unit, suffix) = value switch
        {
            >= 1e12 => (1e12, "T"),
            >= 1e9 => (1e9, "B"),
            >= 1e6 => (1e6, "M"),
            >= 1e3 => (1e3, "k"),
            _ => (1, ""),
        };
        return (value / unit).ToString("0.######", CultureInfo.InvariantCulture) + suffix;
    }

    private List<double> WithMantissas(double[] mantissas)
    {
        var ticks = new List<double>();
        for (var decade = (int)Math.Floor(Math.Log10(Low)); decade <= Math.Ceiling(Math.Log10(High)); decade++)
        {
            ticks.AddRange(mantissas.Select(mantissa => Rounded(mantissa, decade)).Where(Contains));
        }

        return ticks;
    }

    // The finest step of 1, 2 or 5 times a power of ten that gives no more ticks than asked for.
    private List<double> Linear(int mostCount)
    {
        for (var decade = (int)Math.Floor(Math.Log10((High - Low) / mostCount)) - 1; ; decade++)
        {
            foreach (var mantissa in new double[] { 1, 2, 5 })
            {
                var step = Rounded(mantissa, decade);
                var (first, last) = (Math.Ceiling(Low / step), Math.Floor(High / step));
                if (last - first < mostCount)
                {
                    var count = (int)(last - first) + 1;
                    var ticks = Enumerable.Range(0, count).Select(i => Rounded((first + i) * mantissa, decade));
                    return [.. ticks.Where(Contains)];
                }
            }
        }
    }

    private bool Contains(double value) => value >= Low && value <= High;

    // Dividing by a power of ten is exact to the last digit where multiplying by 0.1 is not.
    private static double Rounded(double mantissa, int decade) =>
        decade >= 0 ? mantissa * Power(decade) : mantissa / Power(-decade);

    private static double Power(double exponent) => Math.Pow(10, exponent);
}
