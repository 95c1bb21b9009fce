using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;
using CodeParrot.Contract.Yaml;

namespace CodeParrot.Api.Crd;

/// <summary>Builds the structural schema of a record from its type, its documentation and a table of bounds.</summary>
/// <param name="bounds">Bounds by path.</param>
/// <param name="withDefaults">True writes the records' initial values as defaults.</param>
internal sealed class SchemaBuilder(IReadOnlyDictionary<string, FieldBounds> bounds, bool withDefaults)
{
    /// <summary>A duration as <see cref="Durations"/> reads it.</summary>
    public const string DurationPattern = "^(([0-9]+[.]?[0-9]*|[.][0-9]+)(ms|h|m|s))+$";

    private const int DurationLength = 32;
    private const int KeyLength = 253;

    private readonly Descriptions _descriptions = new();

    /// <summary>The schema of one property.</summary>
    /// <param name="property">A property of an API record.</param>
    /// <param name="path">Its path in the object.</param>
    /// <param name="initial">Its value in a new record; null for none.</param>
    /// <exception cref="InvalidOperationException">A field has no bounds or no summary.</exception>
    public JsonObject Property(PropertyInfo property, string path, object? initial) =>
        Value(property.PropertyType, path, initial, Describe(_descriptions.Of(property), path));

    private JsonObject Value(Type type, string path, object? initial, string description)
    {
        var core = Nullable.GetUnderlyingType(type) ?? type;
        var node = new JsonObject { ["description"] = description };
        if (core == typeof(JsonObject))
        {
            node["type"] = "object";
            node["x-kubernetes-preserve-unknown-fields"] = true;
            node["maxProperties"] = Bounds(path).MaxProperties;
        }
        else if (core.IsGenericType && core.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            List(node, core.GetGenericArguments()[0], path, description);
        }
        else if (core.IsGenericType && core.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            node["type"] = "object";
            node["maxProperties"] = Bounds(path).MaxProperties;
            node["additionalProperties"] = Element(core.GetGenericArguments()[1], path + ".*", description);
        }
        else if (!ScalarSchema.TryWrite(node, core))
        {
            Record(node, core, path, initial);
        }
        else if (core.IsEnum)
        {
            var values = Enum.GetNames(core).Select(n => $"{n}: {_descriptions.Of(core, n)}");
            node["description"] = description + "\n" + string.Join('\n', values);
        }
        else if (core == typeof(TimeSpan))
        {
            node["maxLength"] = DurationLength;
            // What the operator itself writes needs no check, and a refused status would stop the run.
            node["pattern"] = withDefaults ? DurationPattern : null;
        }
        else if (core != typeof(bool) && core != typeof(DateTimeOffset) && core != typeof(Quantity))
        {
            ScalarSchema.Bound(node, Bounds(path));
        }

        Remove(node, p => p.Value is null);
        Default(node, initial);
        return node;
    }

    private void Record(JsonObject node, Type type, string path, object? initial)
    {
        var record = withDefaults ? initial ?? Activator.CreateInstance(type) : null;
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var value = record is null ? null : property.GetValue(record);
            var child = Property(property, $"{path}.{name}", value);
            properties[name] = child;
            if (child["required"] is not null && value is not null || IsRequired($"{path}.{name}"))
            {
                required.Add(name);
                child.Remove("default");
            }
        }

        node["type"] = "object";
        node["required"] = required.Count > 0 ? required : null;
        node["properties"] = properties;
    }

    private void List(JsonObject node, Type element, string path, string description)
    {
        var own = Bounds(path);
        node["type"] = "array";
        node["maxItems"] = own.MaxItems;
        node["items"] = Element(element, path + "[]", description);
        if (own.ListKey is { } key)
        {
            node["x-kubernetes-list-type"] = "map";
            node["x-kubernetes-list-map-keys"] = new JsonArray(key);
            if (element == typeof(JsonObject))
            {
                Key(node["items"]!.AsObject(), key);
            }
        }
    }

    // Items that are carried unread show the one field that tells them apart.
    private static void Key(JsonObject items, string key)
    {
        items["required"] = new JsonArray(key);
        items["properties"] = new JsonObject
        {
            [key] = new JsonObject
            {
                ["description"] = "Tells the items of the list apart.",
                ["type"] = "string",
                ["minLength"] = 1,
                ["maxLength"] = KeyLength,
            },
        };
    }

    // A text or number in a list has no documentation of its own.
    private JsonObject Element(Type type, string path, string description) =>
        Value(
            type,
            path,
            null,
            type.Assembly == typeof(SchemaBuilder).Assembly || type.Assembly == typeof(Durations).Assembly
                ? Describe(_descriptions.Of(type), path)
                : description
        );

    private void Default(JsonObject node, object? initial)
    {
        if (!withDefaults || initial is null || node["required"] is not null)
        {
            return;
        }

        node["default"] = (string?)node["type"] switch
        {
            "object" => new JsonObject(),
            "array" => new JsonArray(),
            _ => JsonSerializer.SerializeToNode(initial, initial.GetType(), Resources.ApiJson.Compact),
        };
    }

    private FieldBounds Bounds(string path) =>
        bounds.TryGetValue(path, out var found)
            ? found
            : throw new InvalidOperationException($"{path} has no bounds: add it to the table of its side");

    private bool IsRequired(string path) => bounds.TryGetValue(path, out var found) && found.Required;

    private static string Describe(string summary, string path)
    {
        if (!path.StartsWith("spec.", StringComparison.Ordinal))
        {
            return summary;
        }

        foreach (var name in Enum.GetNames<FieldClass>())
        {
            summary = summary.Replace($" {name}.", "", StringComparison.Ordinal);
        }

        return FieldClasses.Of(path) is { } own ? $"{summary} {own}." : summary;
    }

    private static void Remove(JsonObject node, Func<KeyValuePair<string, JsonNode?>, bool> where)
    {
        foreach (var name in node.Where(where).Select(p => p.Key).ToList())
        {
            node.Remove(name);
        }
    }
}
