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

    /// <summary>True for an object with fields that the schema preserves without naming them.</summary>
    public static bool CarriesUnread(JsonNode manifest) => CarriesUnread(manifest, Root);

    /// <summary>A number, whatever type of .NET's it was written as.</summary>
    public static double? Number(JsonNode? node) =>
        node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    private static bool CarriesUnread(JsonNode? value, JsonNode schema) =>
        value switch
        {
            JsonObject fields when schema["properties"] is JsonObject known => fields.Any(f =>
                known[f.Key] is not { } field || CarriesUnread(f.Value, field)
            ),
            JsonObject fields when schema["additionalProperties"] is JsonObject any => fields.Any(f =>
                CarriesUnread(f.Value, any)
            ),
            JsonObject fields => fields.Count > 0,
            JsonArray items => items.Any(item => CarriesUnread(item, schema["items"]!)),
            _ => false,
        };

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
