using System.Text.Json.Nodes;
using CodeParrot.Contract.Manifest;

namespace CodeParrot.Api.Tests.Crd;

/// <summary>Manifests for tests, as trees that both the schema and the validator judge.</summary>
internal static class Manifests
{
    /// <summary>The smallest good one.</summary>
    public static JsonObject Good() =>
        new()
        {
            ["apiVersion"] = RunManifest.CurrentApiVersion,
            ["kind"] = RunManifest.CurrentKind,
            ["metadata"] = new JsonObject { ["name"] = "small" },
            ["spec"] = JsonNode.Parse("""{ "corpus": { "source": { "uri": "file:///data" } } }"""),
        };

    /// <summary>The smallest good one with fields set by path; <c>[]</c> is a list's first item.</summary>
    public static JsonObject With(params (string Path, JsonNode? Value)[] fields)
    {
        var manifest = Good();
        foreach (var (path, value) in fields)
        {
            Set(manifest, path, value);
        }

        return manifest;
    }

    /// <summary>The validator's mistakes, without those about features that are still to come.</summary>
    public static IReadOnlyList<SpecMistake> Mistakes(JsonObject manifest) =>
        [
            .. AllMistakes(manifest)
                .Where(m => !m.Message.Contains("not supported by this version", StringComparison.Ordinal)),
        ];

    /// <summary>The validator's mistakes.</summary>
    public static IReadOnlyList<SpecMistake> AllMistakes(JsonObject manifest)
    {
        try
        {
            ManifestReader.Read(manifest.ToJsonString(), "run.json");
            return [];
        }
        catch (ManifestException e)
        {
            return e.Mistakes;
        }
    }

    private static void Set(JsonObject manifest, string path, JsonNode? value)
    {
        JsonNode node = manifest;
        var names = path.Replace("[]", ".[]", StringComparison.Ordinal).Split('.');
        for (var i = 0; i < names.Length; i++)
        {
            JsonNode next = i + 1 < names.Length && names[i + 1] == "[]" ? new JsonArray() : new JsonObject();
            var child = i + 1 < names.Length ? next : value?.DeepClone();
            if (node is JsonArray list)
            {
                list.Add(child);
                node = list[^1]!;
            }
            else
            {
                node = (i + 1 == names.Length ? null : node[names[i]]) ?? Add(node, names[i], child)!;
            }
        }
    }

    private static JsonNode? Add(JsonNode node, string name, JsonNode? child)
    {
        node[name] = child;
        return node[name];
    }
}
