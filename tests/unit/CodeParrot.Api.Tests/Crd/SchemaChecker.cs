using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>
/// Judges values by a structural schema as the API server does, rules in CEL apart: fills in defaults, then checks
/// types, bounds, patterns, enums and required fields. Knows the keywords that the generator writes, and no others.
/// </summary>
internal static class SchemaChecker
{
    private static readonly HashSet<string> Known =
    [
        "description",
        "type",
        "format",
        "enum",
        "default",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "pattern",
        "maxItems",
        "maxProperties",
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-validations",
        "x-kubernetes-list-type",
        "x-kubernetes-list-map-keys",
    ];

    /// <summary>Paths of all mistakes; defaults are written into the value.</summary>
    public static IReadOnlyList<string> Check(JsonObject schema, JsonNode? value, string path = "")
    {
        var mistakes = new List<string>();
        Visit(schema, value, path, mistakes);
        return mistakes;
    }

    private static void Visit(JsonObject schema, JsonNode? value, string path, List<string> mistakes)
    {
        Assert.DoesNotContain(schema, p => !Known.Contains(p.Key));
        var good = (string?)schema["type"] switch
        {
            null when schema["x-kubernetes-int-or-string"] is not null => Kind(value) == JsonValueKind.String
                ? Text(schema, (string)value!)
                : Kind(value) == JsonValueKind.Number && Whole(value!),
            "object" => value is JsonObject o && Object(schema, o, path, mistakes),
            "array" => value is JsonArray a && List(schema, a, path, mistakes),
            "string" => Kind(value) == JsonValueKind.String && Text(schema, (string)value!),
            "boolean" => Kind(value) is JsonValueKind.True or JsonValueKind.False,
            "integer" => Kind(value) == JsonValueKind.Number && Whole(value!) && Number(schema, value!),
            "number" => Kind(value) == JsonValueKind.Number && Number(schema, value!),
            var other => throw new InvalidOperationException(other),
        };
        if (!good)
        {
            mistakes.Add(path);
        }
    }

    private static JsonValueKind? Kind(JsonNode? value) => value?.GetValueKind();

    private static bool Object(JsonObject schema, JsonObject value, string path, List<string> mistakes)
    {
        var properties = schema["properties"] as JsonObject ?? [];
        foreach (var (name, child) in properties.Where(p => p.Value!["default"] is not null))
        {
            if (value[name] is null)
            {
                value[name] = child!["default"]!.DeepClone();
            }
        }

        foreach (var (name, child) in value)
        {
            var childPath = path.Length == 0 ? name : $"{path}.{name}";
            if ((properties[name] ?? schema["additionalProperties"]) is JsonObject known)
            {
                Visit(known, child, childPath, mistakes);
            }
            else if (schema["x-kubernetes-preserve-unknown-fields"] is null)
            {
                // The server would prune it, and a strict client refuses.
                mistakes.Add(childPath);
            }
        }

        foreach (var name in (schema["required"] as JsonArray ?? []).Select(n => (string)n!))
        {
            if (value[name] is null)
            {
                mistakes.Add(path.Length == 0 ? name : $"{path}.{name}");
            }
        }

        return schema["maxProperties"] is not { } most || value.Count <= (int)most;
    }

    private static bool List(JsonObject schema, JsonArray value, string path, List<string> mistakes)
    {
        foreach (var (index, item) in value.Index())
        {
            Visit((JsonObject)schema["items"]!, item, $"{path}[{index}]", mistakes);
        }

        if (schema["x-kubernetes-list-map-keys"] is JsonArray keys)
        {
            var twice = value.OfType<JsonObject>().CountBy(i => $"{i[(string)keys[0]!]}").Any(c => c.Value > 1);
            return !twice && InBounds(schema, value);
        }

        return InBounds(schema, value);
    }

    private static bool InBounds(JsonObject schema, JsonArray value) =>
        schema["maxItems"] is not { } most || value.Count <= (int)most;

    private static bool Text(JsonObject schema, string value) =>
        (schema["minLength"] is not { } least || value.Length >= (int)least)
        && (schema["maxLength"] is not { } most || value.Length <= (int)most)
        && (
            schema["pattern"] is not { } pattern || Regex.IsMatch(value, (string)pattern!, RegexOptions.NonBacktracking)
        )
        && (schema["enum"] is not JsonArray names || names.Any(n => (string)n! == value))
        && ((string?)schema["format"] != "date-time" || DateTimeOffset.TryParse(value, out _));

    private static bool Whole(JsonNode value) => double.IsInteger(SchemaTree.Number(value)!.Value);

    private static bool Number(JsonObject schema, JsonNode value)
    {
        var number = SchemaTree.Number(value)!.Value;
        return (
                schema["minimum"] is not { } least
                || Beyond(number, SchemaTree.Number(least)!.Value, schema["exclusiveMinimum"])
            )
            && (
                schema["maximum"] is not { } most
                || Beyond(-number, -SchemaTree.Number(most)!.Value, schema["exclusiveMaximum"])
            );
    }

    private static bool Beyond(double value, double end, JsonNode? exclusive) =>
        exclusive is null ? value >= end : value > end;
}
