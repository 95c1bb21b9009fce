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

    private static YamlNode ParseValue(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream.Documents.Count == 0 ? new YamlScalarNode("") : stream.Documents[0].RootNode;
    }
}
