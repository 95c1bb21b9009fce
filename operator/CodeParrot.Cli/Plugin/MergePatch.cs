using System.Text.Json.Nodes;

namespace CodeParrot.Cli.Plugin;

/// <summary>JSON merge patches (RFC 7386).</summary>
internal static class MergePatch
{
    /// <summary>The patch that makes one object of another; empty where they are equal.</summary>
    public static JsonObject Between(JsonObject before, JsonObject after)
    {
        var patch = new JsonObject();
        foreach (var (key, value) in after)
        {
            var old = before[key];
            if (JsonNode.DeepEquals(old, value))
            {
                continue;
            }

            patch[key] = old is JsonObject a && value is JsonObject b ? Between(a, b) : value?.DeepClone();
        }

        // Null takes a field away.
        foreach (var (key, _) in before.Where(f => !after.ContainsKey(f.Key)))
        {
            patch[key] = null;
        }

        return patch;
    }
}
