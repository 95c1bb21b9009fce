using System.Globalization;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>Metrics at one moment, in Prometheus' text form.</summary>
/// <param name="samples">Values by name and labels as they are printed.</param>
internal sealed class Scrape(IReadOnlyDictionary<string, double> samples)
{
    private const string Requests = "codeparrot_operator_api_requests_total";
    private const string Passes = "codeparrot_operator_reconcile_duration_seconds";
    private const string Unchanged = "result=\"unchanged\"";

    private static readonly string[] Writes = ["create", "replace", "patch", "delete"];

    /// <summary>Reads the text.</summary>
    public static Scrape Parse(string text) =>
        new(
            text.Split('\n')
                .Where(l => l.Length > 0 && l[0] != '#')
                .ToDictionary(
                    l => l[..l.LastIndexOf(' ')],
                    l => double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture)
                )
        );

    /// <summary>Sum of a metric's samples that have all these labels.</summary>
    public double Sum(string name, params string[] labels) =>
        samples.Where(s => IsOf(s.Key, name) && labels.All(s.Key.Contains)).Sum(s => s.Value);

    /// <summary>Writes to the API server, but for those of the lease.</summary>
    public double WriteCount =>
        Writes.Sum(verb =>
            Sum(Requests, $"verb=\"{verb}\"") - Sum(Requests, $"verb=\"{verb}\"", "resource=\"leases\"")
        );

    /// <summary>Writes of the lease.</summary>
    public double LeaseWriteCount => Writes.Sum(verb => Sum(Requests, $"verb=\"{verb}\"", "resource=\"leases\""));

    /// <summary>Passes that changed nothing.</summary>
    public double UnchangedCount => Sum($"{Passes}_count", Unchanged);

    /// <summary>Runs in a phase.</summary>
    public double RunsIn(string phase) => Sum("codeparrot_operator_runs_count", $"phase=\"{phase}\"");

    /// <summary>
    /// Median duration of passes that changed nothing since an earlier scrape, in milliseconds; within a bucket of the
    /// histogram passes are taken as evenly spread.
    /// </summary>
    public double MedianUnchangedMs(Scrape before)
    {
        var buckets = Buckets().Zip(before.Buckets(), (now, old) => (now.Le, Count: now.Count - old.Count)).ToList();
        var half = buckets[^1].Count / 2;
        var (lower, below) = (0.0, 0.0);
        foreach (var (le, count) in buckets)
        {
            if (count >= half && count > below)
            {
                return 1000 * (lower + ((le - lower) * (half - below) / (count - below)));
            }

            (lower, below) = (le, count);
        }

        return double.NaN;
    }

    private List<(double Le, double Count)> Buckets() =>
        [
            .. samples
                .Where(s => IsOf(s.Key, $"{Passes}_bucket") && s.Key.Contains(Unchanged, StringComparison.Ordinal))
                .Select(s => (Le: LeOf(s.Key), s.Value))
                .OrderBy(b => b.Le),
        ];

    private static double LeOf(string key)
    {
        var text = key.Split("le=\"")[1].Split('"')[0];
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static bool IsOf(string key, string name) =>
        key == name || key.StartsWith(name + "{", StringComparison.Ordinal);
}
