using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>The chart's objects, and ways to find them.</summary>
/// <param name="Objects">All of them, hooks too.</param>
internal sealed record RenderedChart(IReadOnlyList<JsonObject> Objects)
{
    /// <summary>Renders.</summary>
    public static async Task<RenderedChart> OfAsync(ChartValues values) => new(await Helm.RenderAsync(values));

    /// <summary>The operator's Deployment.</summary>
    public JsonObject Deployment => Single("Deployment");

    /// <summary>The operator's container.</summary>
    public JsonObject Container => PodOf(Deployment)["spec"]!["containers"]!.AsArray().Single()!.AsObject();

    /// <summary>The operator's arguments.</summary>
    public IReadOnlyList<string> Arguments => [.. Container["args"]!.AsArray().Select(a => (string)a!)];

    /// <summary>What is installed; tests are not.</summary>
    public IEnumerable<JsonObject> Installed => Objects.Where(o => Annotation(o, "helm.sh/hook") is null);

    /// <summary>Hooks of <c>helm test</c>.</summary>
    public IEnumerable<JsonObject> Tests => Objects.Where(o => Annotation(o, "helm.sh/hook") == "test");

    /// <summary>Rules of all roles that are bound to the operator, in the order of the roles.</summary>
    public IEnumerable<JsonObject> Rules =>
        Installed.Where(o => KindOf(o).EndsWith("Role", StringComparison.Ordinal)).SelectMany(RulesOf);

    /// <summary>Objects of a kind.</summary>
    public IReadOnlyList<JsonObject> OfKind(string kind) => [.. Objects.Where(o => KindOf(o) == kind)];

    /// <summary>The one object of a kind.</summary>
    public JsonObject Single(string kind) => Assert.Single(OfKind(kind));

    /// <summary>An object's kind.</summary>
    public static string KindOf(JsonObject o) => (string)o["kind"]!;

    /// <summary>An object's name.</summary>
    public static string NameOf(JsonObject o) => (string)o["metadata"]!["name"]!;

    /// <summary>An object's namespace; null where it has none.</summary>
    public static string? NamespaceOf(JsonObject o) => (string?)o["metadata"]!["namespace"];

    /// <summary>A role's rules.</summary>
    public static IEnumerable<JsonObject> RulesOf(JsonObject role) =>
        role["rules"]!.AsArray().Select(r => r!.AsObject());

    /// <summary>An annotation; null where there is none.</summary>
    public static string? Annotation(JsonObject o, string name) => (string?)o["metadata"]!["annotations"]?[name];

    /// <summary>The pod that an object is or makes.</summary>
    public static JsonObject PodOf(JsonObject o) => KindOf(o) == "Pod" ? o : o["spec"]!["template"]!.AsObject();
}
