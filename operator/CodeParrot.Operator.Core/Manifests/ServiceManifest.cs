using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>The headless Service of a run, which gives its pods their names in DNS.</summary>
public static class ServiceManifest
{
    /// <summary>Builds it.</summary>
    public static JsonObject Build(TrainingRun run, ManifestOptions options)
    {
        var manifest = ManifestHead.Of(run, "v1", "Service", ObjectNames.Pods(run.Metadata.Name));
        manifest["spec"] = new JsonObject
        {
            ["clusterIP"] = "None",
            // Ranks look for each other before any of them is ready.
            ["publishNotReadyAddresses"] = true,
            ["selector"] = ManifestHead.PodsOf(run),
            ["ports"] = new JsonArray(Port("rendezvous", options.MasterPort), Port("metrics", options.HttpPort)),
        };
        return manifest;
    }

    private static JsonObject Port(string name, int port) =>
        new()
        {
            ["name"] = name,
            ["protocol"] = "TCP",
            ["port"] = port,
            ["targetPort"] = port,
        };
}
