using System.Text.Json.Nodes;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>Maps as JSON objects whose keys stand in the same order every time.</summary>
internal static class JsonMap
{
    public static JsonObject Of(IEnumerable<KeyValuePair<string, string>> map) =>
        new(
            map.OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => KeyValuePair.Create(p.Key, (JsonNode?)JsonValue.Create(p.Value)))
        );

    /// <summary>Adds to a map: keys that are there already are overridden.</summary>
    public static void Override(this IDictionary<string, string> map, IEnumerable<KeyValuePair<string, string>> other)
    {
        foreach (var (key, value) in other)
        {
            map[key] = value;
        }
    }

    /// <summary>Sets a field unless its value is empty.</summary>
    public static void SetUnlessEmpty(this JsonObject json, string key, string value)
    {
        if (value.Length > 0)
        {
            json[key] = value;
        }
    }

    /// <summary>Sets a field unless its value is empty.</summary>
    public static void SetUnlessEmpty(this JsonObject json, string key, JsonObject value)
    {
        if (value.Count > 0)
        {
            json[key] = value;
        }
    }

    /// <summary>Sets a field to a copy of a list, unless that is empty.</summary>
    public static void SetUnlessEmpty(this JsonObject json, string key, IReadOnlyList<JsonObject> value)
    {
        if (value.Count > 0)
        {
            json[key] = new JsonArray([.. value.Select(v => v.DeepClone())]);
        }
    }

    /// <summary>Merges a copy of another object: objects by key, everything else is replaced.</summary>
    public static void Merge(this JsonObject json, JsonObject other)
    {
        foreach (var (key, value) in other)
        {
            if (json[key] is JsonObject own && value is JsonObject below)
            {
                own.Merge(below);
            }
            else
            {
                json[key] = value?.DeepClone();
            }
        }
    }
}
