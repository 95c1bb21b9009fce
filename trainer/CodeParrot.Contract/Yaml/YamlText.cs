using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CodeParrot.Contract.Yaml;

/// <summary>Records as YAML text, in the order of their properties; the same value gives the same text.</summary>
public static class YamlText
{
    /// <summary>Writes a record. Nulls and empty collections are left out.</summary>
    public static string Write(object record)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var document = new YamlDocument(ToNode(record) ?? new YamlMappingNode());
        new YamlStream(document).Save(writer, assignAnchors: false);
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static YamlNode? ToNode(object? value) =>
        value switch
        {
            null => null,
            string text => Text(text),
            bool flag => new YamlScalarNode(flag ? "true" : "false"),
            TimeSpan duration => new YamlScalarNode(Durations.Format(duration)),
            Enum => new YamlScalarNode(value.ToString()),
            double number => new YamlScalarNode(number.ToString("R", CultureInfo.InvariantCulture)),
            IFormattable number when value.GetType().IsPrimitive => new YamlScalarNode(
                number.ToString(null, CultureInfo.InvariantCulture)
            ),
            JsonNode json => FromJson(json),
            IDictionary dictionary => Mapping(
                dictionary.Keys.Cast<string>().Order(StringComparer.Ordinal).Select(k => (k, dictionary[k]))
            ),
            IEnumerable list => Sequence(list),
            _ => Mapping(Properties(value)),
        };

    private static IEnumerable<(string Key, object? Value)> Properties(object record) =>
        record
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .Select(p => (YamlBinder.CamelCase(p.Name), p.GetValue(record)));

    private static YamlMappingNode? Mapping(IEnumerable<(string Key, object? Value)> pairs)
    {
        var node = new YamlMappingNode();
        foreach (var (key, value) in pairs)
        {
            if (ToNode(value) is { } child)
            {
                node.Add(new YamlScalarNode(key), child);
            }
        }

        return node.Children.Count == 0 ? null : node;
    }

    private static YamlSequenceNode? Sequence(IEnumerable list)
    {
        var node = new YamlSequenceNode();
        foreach (var item in list)
        {
            if (ToNode(item) is { } child)
            {
                node.Add(child);
            }
        }

        return node.Children.Count == 0 ? null : node;
    }

    private static YamlNode? FromJson(JsonNode json) =>
        json switch
        {
            JsonObject mapping => Mapping(mapping.Select(p => (p.Key, (object?)p.Value))),
            JsonArray list => Sequence(list),
            JsonValue value when value.TryGetValue<string>(out var text) => Text(text),
            _ => new YamlScalarNode(json.ToJsonString()),
        };

    private static YamlScalarNode? Text(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        // Quoted wherever a plain scalar would be read as something else, or by another rule of YAML 1.1.
        var plain = text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:".Contains(c)) && char.IsAsciiLetter(text[0]);
        var reserved = text is "true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n";
        return new YamlScalarNode(text)
        {
            Style = plain && !reserved && !text.EndsWith(':') ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
        };
    }
}
