using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>
/// Who reaches the pods of a run: each other at every port, and the operator and what scrapes at the metrics port.
/// What the pods themselves reach is left alone: the store may be anywhere.
/// </summary>
public static class NetworkPolicyManifest
{
    // Kubernetes puts it on every namespace.
    private const string NamespaceName = "kubernetes.io/metadata.name";

    /// <summary>Builds it.</summary>
    public static JsonObject Build(TrainingRun run, ManifestOptions options)
    {
        var ingress = new JsonArray(new JsonObject { ["from"] = new JsonArray(Selector(run)) });
        // A rule without peers would let everybody in.
        if (options.MetricsPeers.Count > 0)
        {
            ingress.Add(
                new JsonObject
                {
                    ["from"] = new JsonArray([.. options.MetricsPeers.Select(Peer)]),
                    ["ports"] = new JsonArray(new JsonObject { ["protocol"] = "TCP", ["port"] = options.HttpPort }),
                }
            );
        }

        var manifest = ManifestHead.Of(
            run,
            "networking.k8s.io/v1",
            "NetworkPolicy",
            ObjectNames.Pods(run.Metadata.Name)
        );
        manifest["spec"] = new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = ManifestHead.PodsOf(run) },
            ["policyTypes"] = new JsonArray("Ingress"),
            ["ingress"] = ingress,
        };
        return manifest;
    }

    private static JsonObject Selector(TrainingRun run) =>
        new() { ["podSelector"] = new JsonObject { ["matchLabels"] = ManifestHead.PodsOf(run) } };

    private static JsonObject Peer(MetricsPeer peer)
    {
        var names = peer.Namespace.Length > 0 ? new JsonObject { [NamespaceName] = peer.Namespace } : [];
        var json = new JsonObject { ["namespaceSelector"] = Matching(names) };
        if (peer.PodLabels.Count > 0)
        {
            json["podSelector"] = Matching(JsonMap.Of(peer.PodLabels));
        }

        return json;
    }

    private static JsonObject Matching(JsonObject labels) =>
        labels.Count > 0 ? new JsonObject { ["matchLabels"] = labels } : [];
}
