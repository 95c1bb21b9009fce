using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>The immutable Secret that the ranks of an attempt prove to each other.</summary>
public static class RendezvousKeyManifest
{
    /// <summary>Builds it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="name">Its name, from the status.</param>
    /// <param name="key">Bytes that nobody can guess.</param>
    public static JsonObject Build(TrainingRun run, string name, ReadOnlySpan<byte> key)
    {
        var manifest = ManifestHead.Of(run, "v1", "Secret", name);
        manifest["type"] = "Opaque";
        manifest["immutable"] = true;
        manifest["data"] = new JsonObject { [ContainerPlaces.KeyKey] = Convert.ToBase64String(key) };
        return manifest;
    }
}
