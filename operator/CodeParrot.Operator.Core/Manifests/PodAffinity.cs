using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>Where a pod may run: the user's affinity, without excluded nodes, and a gang close together.</summary>
internal static class PodAffinity
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
    private const int TopologyWeight = 100;

    public static JsonObject Of(TrainingRun run, PodSpec pod, PodTemplateSpec template)
    {
        var affinity = template.Affinity?.DeepClone().AsObject() ?? [];
        if (pod.ExcludedNodes.Count > 0)
        {
            Exclude(affinity, pod.ExcludedNodes);
        }

        if (PodManifest.Trains(pod) && run.Spec.Scheduling.TopologyKey is { Length: > 0 } key)
        {
            KeepTogether(affinity, pod, key);
        }

        return affinity;
    }

    // Terms exclude each other's nodes only if every one of them does: a node fits that meets any of them.
    private static void Exclude(JsonObject affinity, IReadOnlyList<string> nodes)
    {
        var selector = Object(Object(affinity, "nodeAffinity"), Required);
        var terms = List(selector, "nodeSelectorTerms");
        if (terms.Count == 0)
        {
            terms.Add(new JsonObject());
        }

        foreach (var term in terms.OfType<JsonObject>())
        {
            var fields = List(term, "matchFields");
            foreach (var node in nodes.Order(StringComparer.Ordinal))
            {
                // The node's name itself: its hostname label may be another one. A field takes one value.
                fields.Add(
                    new JsonObject
                    {
                        ["key"] = "metadata.name",
                        ["operator"] = "NotIn",
                        ["values"] = new JsonArray(node),
                    }
                );
            }
        }
    }

    // A wish: with a must, a gang that is larger than any one domain would never run.
    private static void KeepTogether(JsonObject affinity, PodSpec pod, string topologyKey)
    {
        var labels = new JsonObject
        {
            [LabelNames.RunUid] = pod.RunUid,
            [LabelNames.Stage] = pod.Stage,
            [LabelNames.Attempt] = $"{pod.Attempt}",
        };
        List(Object(affinity, "podAffinity"), Preferred)
            .Add(
                new JsonObject
                {
                    ["weight"] = TopologyWeight,
                    ["podAffinityTerm"] = new JsonObject
                    {
                        ["labelSelector"] = new JsonObject { ["matchLabels"] = labels },
                        ["topologyKey"] = topologyKey,
                    },
                }
            );
    }

    private static JsonObject Object(JsonObject json, string key)
    {
        if (json[key] is not JsonObject child)
        {
            json[key] = child = [];
        }

        return child;
    }

    private static JsonArray List(JsonObject json, string key)
    {
        if (json[key] is not JsonArray child)
        {
            json[key] = child = [];
        }

        return child;
    }
}
