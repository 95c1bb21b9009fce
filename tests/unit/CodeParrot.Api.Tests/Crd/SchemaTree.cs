using System.Globalization;
using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>The generated schema, and every field in it.</summary>
internal static class SchemaTree
{
    public static JsonObject Root { get; } = CrdDocument.Schema();

    /// <summary>Every field below the root by path: <c>[]</c> are a list's items, <c>*</c> a map's values.</summary>
    public static IEnumerable<(string Path, JsonObject Node)> Fields => Walk("", Root);

    /// <summary>The type; a quantity has none, and is a text here, as whose rules its own are.</summary>
    public static string Type(JsonObject node) =>
        node["x-kubernetes-int-or-string"] is null ? (string)node["type"]! : "string";

    /// <summary>A number, whatever type of .NET's it was written as.</summary>
    public static double? Number(JsonNode? node) =>
        node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static IEnumerable<(string Path, JsonObject Node)> Walk(string path, JsonObject node)
    {
        var children = (node["properties"] as JsonObject ?? []).Select(p =>
            (Path: path.Length == 0 ? p.Key : $"{path}.{p.Key}", Node: (JsonObject)p.Value!)
        );
        if (node["items"] is JsonObject items)
        {
            children = children.Append((path + "[]", items));
        }

        if (node["additionalProperties"] is JsonObject values)
        {
            children = children.Append((path + ".*", values));
        }

        return children.SelectMany(c => Walk(c.Path, c.Node).Prepend(c));
    }
}
