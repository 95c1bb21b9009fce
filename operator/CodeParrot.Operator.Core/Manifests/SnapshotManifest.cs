using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>The ConfigMap with the text that attempts run with. It is immutable: kubelets do not watch it.</summary>
public static class SnapshotManifest
{
    /// <summary>Builds it.</summary>
    public static JsonObject Build(TrainingRun run, EnsureSnapshot snapshot)
    {
        var manifest = ManifestHead.Of(run, "v1", "ConfigMap", ObjectNames.Snapshot(run.Metadata.Name, snapshot.Hash));
        manifest["metadata"]!["annotations"] = new JsonObject { [AnnotationNames.SpecHash] = snapshot.Hash };
        manifest["immutable"] = true;
        manifest["data"] = new JsonObject { [ContainerPlaces.SpecKey] = snapshot.Text };
        return manifest;
    }
}
