using System.Text.Json.Nodes;

namespace CodeParrot.Api.Crd;

/// <summary>Finds a field's schema by its path: <c>[]</c> are a list's items, <c>*</c> a map's values.</summary>
internal static class SchemaPath
{
    /// <summary>The schema of the field, or null; the empty path is the schema itself.</summary>
    public static JsonObject? Find(JsonObject schema, string path)
    {
        JsonObject? node = schema;
        foreach (var name in path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.').Where(n => n.Length > 0))
        {
            node =
                name switch
                {
                    "[]" => node["items"],
                    "*" => node["additionalProperties"],
                    _ => node["properties"]?[name],
                } as JsonObject;
            if (node is null)
            {
                return null;
            }
        }

        return node;
    }
}
