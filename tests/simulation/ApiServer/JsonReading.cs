using System.Text.Json.Nodes;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>Short ways to read objects as the API server keeps them.</summary>
internal static class JsonReading
{
    /// <summary>The text at a path; empty where there is none.</summary>
    public static string Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>The number at a path; null where there is none.</summary>
    public static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue<long>(out var number) ? number
        : node.At(path) is JsonValue other && other.TryGetValue<int>(out var small) ? small
        : null;

    /// <summary>The node at a path; null where there is none.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    /// <summary>The object at a name, made where there is none.</summary>
    public static JsonObject Child(this JsonObject node, string name)
    {
        if (node[name] is not JsonObject child)
        {
            node[name] = child = [];
        }

        return child;
    }

    /// <summary>The objects of the array at a path.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params string[] path) =>
        (node.At(path) as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The texts of the array at a path.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params string[] path) =>
        (node.At(path) as JsonArray ?? []).Select(n => n!.GetValue<string>());

    /// <summary>A date as Kubernetes writes it: whole seconds.</summary>
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}
