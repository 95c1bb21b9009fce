using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>
/// Renders the chart by the renderer that tests/cluster builds, and by helm too where there is one, which must say the
/// same. Without a renderer, tests skip on a laptop and fail in CI.
/// </summary>
internal static class Helm
{
    /// <summary>The chart's folder.</summary>
    public static string Chart { get; } = Path.Combine(Programs.Root, "charts", "codeparrot");

    /// <summary>What stands in for helm: the renderer, kubectl and jq.</summary>
    public static string StandIn { get; } = Path.Combine(Programs.Root, "tests", "cluster", "helm.sh");

    /// <summary>Renders; the exit code and the complaint where that fails.</summary>
    public static async Task<ProgramResult> TryRenderAsync(ChartValues values)
    {
        var rendered = await Programs.RunAsync(await RendererAsync(), ["template", .. values.Arguments]);
        if (rendered.ExitCode == 0 && FindHelm() is { } helm)
        {
            var theirs = await Programs.RunAsync(helm, ["template", .. values.Arguments]);
            Assert.True(theirs.ExitCode == 0, theirs.ToString());
            Assert.Equal(Sorted(await ReadAsync(theirs.Output)), Sorted(await ReadAsync(rendered.Output)));
        }

        return rendered;
    }

    /// <summary>The chart's objects by these values, hooks among them.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(ChartValues values)
    {
        var rendered = await TryRenderAsync(values);
        Assert.True(rendered.ExitCode == 0, rendered.ToString());
        return await ReadAsync(rendered.Output);
    }

    /// <summary>The values that the chart is rendered with: its own, and those given over them.</summary>
    public static async Task<JsonObject> ValuesAsync(ChartValues values)
    {
        var printed = await Programs.RunAsync(await RendererAsync(), ["values", .. values.Arguments]);
        Assert.True(printed.ExitCode == 0, printed.ToString());
        return JsonNode.Parse(printed.Output)!.AsObject();
    }

    /// <summary>Objects of YAML.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(string yaml)
    {
        var lines = await Programs.RunAsync(await RendererAsync(), ["json"], yaml);
        Assert.True(lines.ExitCode == 0, lines.ToString());
        return
        [
            .. lines
                .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!.AsObject()),
        ];
    }

    /// <summary>Skips the test, or fails it in CI, where there is no renderer; its path otherwise.</summary>
    public static async Task<string> RendererAsync()
    {
        var script = Path.Combine(Programs.Root, "tests", "cluster", "build-helm.sh");
        var where = await Programs.RunAsync("bash", [script, "--where"]);
        var complaint = $"no renderer of charts: run make control-plane ({where.Errors.Trim()})";
        if (where.ExitCode != 0)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", complaint);
            Assert.Skip(complaint);
        }

        return where.Output.Trim();
    }

    private static string? FindHelm() =>
        Environment
            .GetEnvironmentVariable("PATH")!
            .Split(':')
            .Select(folder => Path.Combine(folder, "helm"))
            .FirstOrDefault(File.Exists);

    // In which order objects and fields stand means nothing.
    private static IEnumerable<string> Sorted(IEnumerable<JsonObject> objects) =>
        objects.Select(o => Canonical(o)!.ToJsonString()).Order(StringComparer.Ordinal);

    private static JsonNode? Canonical(JsonNode? node) =>
        node switch
        {
            JsonObject fields => new JsonObject(
                fields
                    .OrderBy(f => f.Key, StringComparer.Ordinal)
                    .Select(f => KeyValuePair.Create(f.Key, Canonical(f.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(Canonical)]),
            _ => node?.DeepClone(),
        };
}
