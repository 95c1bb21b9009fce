using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CodeParrot.EndToEnd.Tests.Monitoring;

/// <summary>
/// What the Prometheus operator makes of a PodMonitor: a job that keeps of all pods those that the monitor selects, and
/// their port of that name, and then does the monitor's own relabelling.
/// </summary>
internal static partial class ScrapeConfig
{
    private const string Meta = "__meta_kubernetes_pod_";

    /// <summary>Configuration of a Prometheus, as JSON, which is YAML.</summary>
    /// <param name="targets">Path of the file that <see cref="PodTargets"/> writes.</param>
    /// <param name="monitors">PodMonitors, each by the name of its job.</param>
    public static string Of(string targets, params (string Job, JsonObject Monitor)[] monitors) =>
        new JsonObject
        {
            ["scrape_configs"] = new JsonArray([.. monitors.Select(m => JobOf(m.Job, m.Monitor, targets))]),
        }.ToJsonString();

    private static JsonObject JobOf(string name, JsonObject monitor, string targets)
    {
        var spec = monitor["spec"]!;
        var endpoint = spec["podMetricsEndpoints"]!.AsArray().Single()!;
        var rules = new JsonArray();
        foreach (var (label, value) in spec["selector"]!["matchLabels"]!.AsObject())
        {
            rules.Add(Keep([$"{Meta}label_{Name(label)}", $"{Meta}labelpresent_{Name(label)}"], $"({value});true"));
        }

        foreach (var expression in spec["selector"]!["matchExpressions"]?.AsArray() ?? [])
        {
            Assert.Equal("Exists", (string?)expression!["operator"]);
            rules.Add(Keep([$"{Meta}labelpresent_{Name((string)expression["key"]!)}"], "true"));
        }

        rules.Add(Keep([$"{Meta}container_port_name"], (string)endpoint["port"]!));
        rules.Add(Keep([$"{Meta}phase"], "Pending|Running|Unknown"));
        rules.Add(Set(["__meta_kubernetes_namespace"], "namespace"));
        rules.Add(Set([$"{Meta}container_name"], "container"));
        rules.Add(Set([$"{Meta}name"], "pod"));
        foreach (var rule in endpoint["relabelings"]!.AsArray())
        {
            rules.Add(
                new JsonObject(rule!.AsObject().Select(f => KeyValuePair.Create(Snake(f.Key), f.Value?.DeepClone())))
            );
        }

        return new JsonObject
        {
            ["job_name"] = name,
            // Runs of tests are shorter than the monitor's interval.
            ["scrape_interval"] = "1s",
            ["file_sd_configs"] = new JsonArray(
                new JsonObject { ["files"] = new JsonArray(targets), ["refresh_interval"] = "1s" }
            ),
            ["relabel_configs"] = rules,
        };
    }

    private static JsonObject Keep(IEnumerable<string> labels, string pattern) =>
        new()
        {
            ["action"] = "keep",
            ["source_labels"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l))]),
            ["regex"] = pattern,
        };

    private static JsonObject Set(IEnumerable<string> labels, string target) =>
        new()
        {
            ["source_labels"] = new JsonArray([.. labels.Select(l => JsonValue.Create(l))]),
            ["target_label"] = target,
        };

    private static string Name(string label) => Outside().Replace(label, "_");

    private static string Snake(string name) => Upper().Replace(name, m => "_" + m.Value.ToLowerInvariant());

    [GeneratedRegex("[^a-zA-Z0-9_]")]
    private static partial Regex Outside();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Upper();
}
