using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Accept;

/// <summary>Names the identity fields in which two specs differ.</summary>
public static class IdentityFields
{
    private static readonly string[] Roots =
    [
        "store",
        "corpus",
        "tokenizer",
        "model",
        "training.batchSize",
        "training.gradientAccumulation",
        "training.objective",
        "training.data",
        "training.seed",
        "workers.count",
    ];

    // How many pods build a corpus, or how a store is reached, does not change what is in it; a preset is a name for
    // numbers that are compared anyway.
    private static readonly string[] Exempt =
    [
        "spec.corpus.workers",
        "spec.model.preset",
        "spec.store.credentialsSecret",
        "spec.store.caBundle",
    ];

    /// <summary>Differences of the resolved specs, each as <c>path: was A, is B</c>; empty for none.</summary>
    public static IReadOnlyList<string> Changed(RunSpec before, RunSpec after)
    {
        var old = Tree(before);
        var @new = Tree(after);
        var changes = new List<string>();
        foreach (var root in Roots)
        {
            Compare("spec." + root, Find(old, root), Find(@new, root), changes);
        }

        return changes;
    }

    private static JsonNode? Tree(RunSpec spec) =>
        JsonSerializer.SerializeToNode(SpecResolver.Resolve(new RunManifest { Spec = spec }).Spec, ApiJson.Compact);

    private static JsonNode? Find(JsonNode? tree, string path) =>
        path.Split('.').Aggregate(tree, (node, key) => (node as JsonObject)?[key]);

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> changes)
    {
        if (
            Array.Exists(Exempt, e => path.StartsWith(e, StringComparison.Ordinal))
            || JsonNode.DeepEquals(before, after)
        )
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

    private static string Text(JsonNode? node) => node?.ToJsonString(ApiJson.Compact) ?? "not set";
}
