using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>Applies objects as helm does, under a field owner's name.</summary>
/// <param name="api">The server.</param>
internal sealed class ServerSideApply(JsonApi api)
{
    /// <summary>The server's answer to one object.</summary>
    /// <param name="sent">The object.</param>
    /// <param name="dryRun">True leaves everything as it is.</param>
    public Task<ApiAnswer> TryAsync(JsonObject sent, bool dryRun = false) =>
        api.ApplyAsync($"{PathOf(sent)}?fieldManager=helm&force=true{(dryRun ? "&dryRun=All" : "")}", sent);

    /// <summary>An object's path.</summary>
    public static string PathOf(JsonObject o)
    {
        var version = (string)o["apiVersion"]!;
        var root = version.Contains('/', StringComparison.Ordinal) ? $"apis/{version}" : $"api/{version}";
        var space = RenderedChart.NamespaceOf(o) is { } name ? $"/namespaces/{name}" : "";
        return $"{root}{space}/{PluralOf(RenderedChart.KindOf(o))}/{RenderedChart.NameOf(o)}";
    }

    private static string PluralOf(string kind)
    {
        var name = kind.ToLowerInvariant();
        return name.EndsWith('y') ? name[..^1] + "ies" : name + "s";
    }
}
