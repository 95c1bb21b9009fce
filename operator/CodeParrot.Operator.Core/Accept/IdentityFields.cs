using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Crd;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Accept;

/// <summary>The identity fields of a spec, as <see cref="FieldClasses"/> names them.</summary>
public static class IdentityFields
{
    // A preset is a name for numbers that are compared anyway.
    private const string Preset = "spec.model.preset";

    /// <summary>The paths of identity fields, for people.</summary>
    public static string Names { get; } = string.Join(", ", FieldClasses.IdentityRoots);

    /// <summary>Differences of the resolved specs, each as <c>path: was A, is B</c>; empty for none.</summary>
    public static IReadOnlyList<string> Changed(RunSpec before, RunSpec after)
    {
        var old = Tree(before);
        var @new = Tree(after);
        var changes = new List<string>();
        foreach (var root in FieldClasses.IdentityRoots)
        {
            Compare(root, Find(old, root), Find(@new, root), changes);
        }

        return changes;
    }

    /// <summary>SHA-256, hex, of all identity fields of the resolved spec.</summary>
    public static string Digest(RunSpec spec)
    {
        var tree = Tree(spec);
        var text = new StringBuilder();
        foreach (var root in FieldClasses.IdentityRoots.Order(StringComparer.Ordinal))
        {
            Write(root, Find(tree, root), text);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static JsonObject Tree(RunSpec spec)
    {
        var resolved = SpecResolver.Resolve(new RunManifest { Spec = spec }).Spec;
        return new JsonObject { ["spec"] = JsonSerializer.SerializeToNode(resolved, ApiJson.Compact) };
    }

    private static JsonNode? Find(JsonNode tree, string path) =>
        path.Split('.').Aggregate((JsonNode?)tree, (node, key) => (node as JsonObject)?[key]);

    private static bool IsExempt(string path) =>
        path == Preset || FieldClasses.Of(path) is { } own && own != FieldClass.Identity;

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> changes)
    {
        if (IsExempt(path) || JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject old && after is JsonObject @new)
        {
            foreach (var key in old.Select(p => p.Key).Union(@new.Select(p => p.Key)).Order(StringComparer.Ordinal))
            {
                Compare($"{path}.{key}", old[key], @new[key], changes);
            }

            return;
        }

        changes.Add($"{path}: was {Text(before)}, is {Text(after)}");
    }

    private static void Write(string path, JsonNode? node, StringBuilder text)
    {
        if (IsExempt(path))
        {
            return;
        }

        if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                Write($"{path}.{name}", value, text);
            }

            return;
        }

        text.Append(path).Append('=').Append(Text(node)).Append('\n');
    }

    private static string Text(JsonNode? node) => node?.ToJsonString(ApiJson.Compact) ?? "not set";
}
