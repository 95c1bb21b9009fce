using CodeParrot.Contract.Manifest;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CodeParrot.Contract.Yaml;

/// <summary>Sets one value of a manifest from the command line: <c>training.maxSteps=100</c>.</summary>
internal static class YamlOverride
{
    private static readonly string[] Roots = ["spec", "metadata", "apiVersion", "kind"];

    public static void Apply(YamlMappingNode root, string assignment, List<SpecMistake> mistakes)
    {
        var equals = assignment.IndexOf('=');
        if (equals <= 0)
        {
            mistakes.Add(new SpecMistake("--set", $"must be path=value, was '{assignment}'"));
            return;
        }

        var path = assignment[..equals].Split('.').ToList();
        if (!Roots.Contains(path[0]))
        {
            path.Insert(0, "spec");
        }

        YamlNode value;
        try
        {
            value = ParseValue(assignment[(equals + 1)..]);
        }
        catch (YamlException e)
        {
            mistakes.Add(new SpecMistake("--set " + assignment[..equals], $"value is not valid YAML: {e.Message}"));
            return;
        }

        var node = root;
        foreach (var key in path[..^1])
        {
            if (!node.Children.TryGetValue(key, out var child) || child is not YamlMappingNode mapping)
            {
                mapping = new YamlMappingNode();
                node.Children[key] = mapping;
            }

            node = mapping;
        }

        node.Children[path[^1]] = value;
    }

    // Only lists, mappings and quoted text are YAML; anything else is taken as it is, so that *.py is no alias.
    private static YamlNode ParseValue(string text)
    {
        if (text.Length == 0 || !"[{\"'".Contains(text[0]))
        {
            return new YamlScalarNode(text) { Style = ScalarStyle.Plain };
        }

        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? new YamlScalarNode("") : WithoutPlace(stream.Documents[0].RootNode);
    }

    // Its line would be that of the argument, and a message would name it as if it were the file's.
    private static YamlNode WithoutPlace(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new YamlMappingNode(
                mapping.Children.Select(c => KeyValuePair.Create(WithoutPlace(c.Key), WithoutPlace(c.Value)))
            ),
            YamlSequenceNode sequence => new YamlSequenceNode(sequence.Children.Select(WithoutPlace)),
            YamlScalarNode scalar => new YamlScalarNode(scalar.Value) { Style = scalar.Style },
            _ => node,
        };
}
