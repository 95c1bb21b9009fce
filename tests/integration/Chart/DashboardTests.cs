using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

public sealed partial class DashboardTests
{
    private static readonly string Chart = Path.Combine(Programs.Root, "charts", "codeparrot");

    private static JsonNode Dashboard { get; } =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Chart, "dashboards", "codeparrot.json")))!;

    private static IEnumerable<JsonNode> Panels => Dashboard["panels"]!.AsArray().Select(p => p!);

    private static IEnumerable<string> Queries =>
        Panels.SelectMany(p => p["targets"]!.AsArray()).Select(t => (string)t!["expr"]!);

    [Fact]
    public void Queries_and_alerts_ask_for_documented_metrics_only()
    {
        var documented = MetricName()
            .Matches(File.ReadAllText(Path.Combine(Programs.Root, "docs", "metrics.md")))
            .Select(m => m.Value)
            .ToHashSet();
        var alerts = File.ReadAllText(Path.Combine(Chart, "alerts", "codeparrot.rules.yaml"));

        var asked = Queries
            .Append(alerts)
            .SelectMany(q => MetricName().Matches(q))
            .Select(m => Base(m.Value))
            .Distinct();

        Assert.All(asked, name => Assert.True(documented.Contains(name), $"{name} is not in docs/metrics.md"));
    }

    [Fact]
    public async Task Every_query_is_one_that_Prometheus_understands()
    {
        var rules = Queries
            .Select(q => q.Replace("$namespace", ".*").Replace("$run", ".*").Replace("'", "''"))
            .Select((q, i) => $"- {{ record: 'panel_{i}', expr: '{q}' }}");
        var folder = Directory.CreateTempSubdirectory().FullName;
        var file = Path.Combine(folder, "panels.yaml");
        await File.WriteAllTextAsync(
            file,
            "groups:\n- name: panels\n  rules:\n  " + string.Join("\n  ", rules),
            TestContext.Current.CancellationToken
        );

        var result = await PromTool.RunAsync([file], "check", "rules", "panels.yaml");

        Directory.Delete(folder, recursive: true);
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    [Fact]
    public void Panels_have_titles_units_and_places_of_their_own()
    {
        var places = Panels.Select(p => p["gridPos"]!).Select(g => ((int)g["x"]!, (int)g["y"]!)).ToList();

        Assert.Equal(places.Count, places.Distinct().Count());
        Assert.All(Panels, p => Assert.NotEmpty((string)p["title"]!));
        Assert.All(Panels, p => Assert.NotEmpty((string)p["description"]!));
        Assert.All(Panels, p => Assert.NotEmpty((string)p["fieldConfig"]!["defaults"]!["unit"]!));
        Assert.All(Panels, p => Assert.True((int)p["gridPos"]!["x"]! + (int)p["gridPos"]!["w"]! <= 24));
    }

    /// <summary>A histogram is documented by its name, and asked for by its parts.</summary>
    private static string Base(string name) => HistogramPart().Replace(name, "_seconds");

    [GeneratedRegex("codeparrot_[a-z_]+[a-z]")]
    private static partial Regex MetricName();

    [GeneratedRegex("_seconds_(bucket|count|sum)$")]
    private static partial Regex HistogramPart();
}
