using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CodeParrot.Contract.Yaml;

/// <summary>
/// Binds a YAML tree to records, collecting every mistake with its field path and line. Serializers stop at the first
/// mistake; a user wants all of them.
/// </summary>
internal sealed class YamlBinder(List<SpecMistake> mistakes)
{
    private string[] _ignored = [];

    /// <summary>
    /// Binds the root; <paramref name="ignored"/> names paths that others own and that are passed over.
    /// </summary>
    public T Bind<T>(YamlNode node, string[] ignored)
        where T : new()
    {
        _ignored = ignored;
        return (T)BindRecord(node, typeof(T), "")!;
    }

    private object? BindValue(YamlNode node, Type type, string path, object? unset)
    {
        var core = Nullable.GetUnderlyingType(type) ?? type;
        if (IsNull(node))
        {
            // "key:" with nothing behind it means the default, as in Kubernetes' own API.
            return unset;
        }

        if (core == typeof(JsonObject))
        {
            return YamlJson.ToJson(node) as JsonObject ?? Fail(node, path, "must be a mapping", unset);
        }

        if (core.IsGenericType && core.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            return BindList(node, core.GetGenericArguments()[0], path, unset);
        }

        if (core.IsGenericType && core.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
        {
            return BindDictionary(node, core.GetGenericArguments()[1], path, unset);
        }

        return IsScalar(core) ? BindScalar(node, core, path, unset) : BindRecord(node, core, path);
    }

    private static bool IsScalar(Type type) =>
        type == typeof(string)
        || type.IsPrimitive
        || type.IsEnum
        || type == typeof(TimeSpan)
        || type == typeof(Quantity);

    private object? BindRecord(YamlNode node, Type type, string path)
    {
        var record = Activator.CreateInstance(type)!;
        if (node is not YamlMappingNode mapping)
        {
            return IsNull(node) ? record : Fail(node, path, "must be a mapping", record);
        }

        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .ToDictionary(p => CamelCase(p.Name));
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            var childPath = path.Length == 0 ? key : $"{path}.{key}";
            if (properties.TryGetValue(key, out var property))
            {
                property.SetValue(
                    record,
                    BindValue(valueNode, property.PropertyType, childPath, property.GetValue(record))
                );
            }
            else if (!_ignored.Contains(childPath) && !_ignored.Contains(path + ".*"))
            {
                Fail(keyNode, childPath, Unknown(key, properties.Keys), null);
            }
        }

        return record;
    }

    private static string Unknown(string key, IEnumerable<string> known)
    {
        var names = known.ToList();
        var near = names.Find(n => string.Equals(n, key, StringComparison.OrdinalIgnoreCase));
        return near is not null
            ? $"unknown field; did you mean {near}?"
            : $"unknown field; known are {string.Join(", ", names)}";
    }

    private object? BindList(YamlNode node, Type element, string path, object? unset)
    {
        if (node is not YamlSequenceNode sequence)
        {
            return Fail(node, path, "must be a list", unset);
        }

        var array = Array.CreateInstance(element, sequence.Children.Count);
        for (var i = 0; i < sequence.Children.Count; i++)
        {
            array.SetValue(BindValue(sequence.Children[i], element, $"{path}[{i}]", None(element)), i);
        }

        return array;
    }

    private object? BindDictionary(YamlNode node, Type value, string path, object? unset)
    {
        if (node is not YamlMappingNode mapping)
        {
            return Fail(node, path, "must be a mapping", unset);
        }

        var dictionary = (System.Collections.IDictionary)
            Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), value))!;
        foreach (var (keyNode, valueNode) in mapping.Children)
        {
            var key = (keyNode as YamlScalarNode)?.Value ?? "";
            dictionary[key] = BindValue(valueNode, value, $"{path}.{key}", None(value));
        }

        return dictionary;
    }

    // What stands for nothing in a list or a map, where no default is known.
    private static object None(Type type) =>
        type == typeof(string) ? ""
        : type == typeof(JsonObject) ? new JsonObject()
        : type == typeof(Quantity) ? new Quantity("0")
        : Activator.CreateInstance(type)!;

    private object? BindScalar(YamlNode node, Type type, string path, object? unset)
    {
        if (node is not YamlScalarNode { Value: { } text })
        {
            return Fail(node, path, $"must be {Expected(type)}", unset);
        }

        return Parse(text, type) ?? Fail(node, path, $"must be {Expected(type)}, was '{text}'", unset);
    }

    private static object? Parse(string text, Type type)
    {
        var culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(TimeSpan))
        {
            return Durations.TryParse(text, out var duration) ? duration : null;
        }

        if (type == typeof(Quantity))
        {
            return Quantity.TryParse(text, out _) ? new Quantity(text) : null;
        }

        if (type.IsEnum)
        {
            // Enum.TryParse would also take numbers, which are no names of the API.
            return Enum.GetNames(type).Contains(text) ? Enum.Parse(type, text) : null;
        }

        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => text switch
            {
                "true" => true,
                "false" => false,
                _ => null,
            },
            TypeCode.Int32 => int.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var n) ? n : null,
            TypeCode.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, culture, out var n) ? n : null,
            TypeCode.Double => double.TryParse(text, NumberStyles.Float, culture, out var n) && double.IsFinite(n)
                ? n
                : null,
            _ => null,
        };
    }

    private static string Expected(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(TimeSpan) ? "a duration such as 30s or 10m"
        : type == typeof(Quantity) ? "a quantity such as 500m or 8Gi"
        : type.IsEnum ? "one of " + string.Join(", ", Enum.GetNames(type))
        : Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Double => "a number",
            _ => "a whole number",
        };

    private object? Fail(YamlNode node, string path, string message, object? value)
    {
        // A node that came from the command line has no place in the file.
        var line = node.Start.Equals(Mark.Empty) ? "" : $" (line {node.Start.Line})";
        mistakes.Add(new SpecMistake(path, message + line));
        return value;
    }

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    internal static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
