using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace CodeParrot.Contract.Yaml;

/// <summary>Records as YAML text, in the order of their properties; the same value gives the same text.</summary>
public static class YamlText
{
    /// <summary>
    /// Writes a record. Properties that are null or empty are left out; what a list or a map holds is not.
    /// </summary>
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
            Quantity quantity => Text(quantity.Text),
            Enum => new YamlScalarNode(value.ToString()),
            double number => new YamlScalarNode(number.ToString("R", CultureInfo.InvariantCulture)),
            IFormattable number when value.GetType().IsPrimitive => new YamlScalarNode(
                number.ToString(null, CultureInfo.InvariantCulture)
            ),
            JsonNode json => FromJson(json),
            IDictionary { Count: 0 } => null,
            IDictionary dictionary => Mapping(
                dictionary
                    .Keys.Cast<string>()
                    .Order(StringComparer.Ordinal)
                    .Select(k => (k, (YamlNode?)(ToNode(dictionary[k]) ?? Empty(dictionary[k]))))
            ),
            IEnumerable list => Sequence(list),
            _ => Mapping(Properties(value).Select(p => (p.Key, ToNode(p.Value)))),
        };

    // How a null or empty value stands where it cannot be left out.
    private static YamlNode Empty(object? value) =>
        value switch
        {
            null => new YamlScalarNode("null"),
            string => new YamlScalarNode("") { Style = ScalarStyle.DoubleQuoted },
            JsonArray => new YamlSequenceNode { Style = SequenceStyle.Flow },
            JsonNode or IDictionary => new YamlMappingNode { Style = MappingStyle.Flow },
            IEnumerable => new YamlSequenceNode { Style = SequenceStyle.Flow },
            _ => new YamlMappingNode { Style = MappingStyle.Flow },
        };

    private static IEnumerable<(string Key, object? Value)> Properties(object record) =>
        record
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite)
            .Select(p => (YamlBinder.CamelCase(p.Name), p.GetValue(record)));

    private static YamlMappingNode? Mapping(IEnumerable<(string Key, YamlNode? Value)> pairs)
    {
        var node = new YamlMappingNode();
        foreach (var (key, child) in pairs)
        {
            if (child is not null)
            {
                node.Add(Text(key) ?? Empty(""), child);
            }
        }

        return node.Children.Count == 0 ? null : node;
    }

    private static YamlSequenceNode? Sequence(IEnumerable list)
    {
        var node = new YamlSequenceNode();
        foreach (var item in list)
        {
            node.Add(ToNode(item) ?? Empty(item));
        }

        return node.Children.Count == 0 ? null : node;
    }

    private static YamlNode? FromJson(JsonNode json) =>
        json switch
        {
            JsonObject mapping => Mapping(
                mapping.Select(p => (p.Key, (YamlNode?)(ToNode(p.Value) ?? Empty(Plain(p.Value)))))
            ),
            JsonArray list => Sequence(list.Select(Plain)),
            JsonValue value when value.TryGetValue<string>(out var text) => Text(text),
            _ => new YamlScalarNode(json.ToJsonString()),
        };

    private static object? Plain(JsonNode? json) =>
        json is JsonValue value && value.TryGetValue<string>(out var text) ? (object)text : json;

    private static YamlScalarNode? Text(string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        // Quoted wherever a plain scalar would be read as something else, or by another rule of YAML 1.1.
        var plain = text.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:".Contains(c)) && char.IsAsciiLetter(text[0]);
        var word = text.ToLowerInvariant();
        var reserved = word is "true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n";
        return new YamlScalarNode(text)
        {
            Style = plain && !reserved && !text.EndsWith(':') ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted,
        };
    }
}
