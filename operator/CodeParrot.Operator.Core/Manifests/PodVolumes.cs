using System.Text.Json.Nodes;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>The operator's volumes of a pod, and where the container has them.</summary>
internal sealed class PodVolumes
{
    // Read by owner and group (octal 440): the group is the pod's fsGroup.
    private const int SecretMode = 288;

    public PodVolumes(RunSpec spec, PodSpec pod)
    {
        if (pod.SpecHash.Length > 0)
        {
            var map = new JsonObject { ["name"] = ObjectNames.Snapshot(pod.Run, pod.SpecHash) };
            Add("spec", "configMap", map, ContainerPlaces.SpecFolder, readOnly: true);
        }

        if (pod.RendezvousKey.Length > 0)
        {
            AddSecret("rendezvous", pod.RendezvousKey, ContainerPlaces.KeyFolder);
        }

        if (spec.Store.CredentialsSecret.Length > 0)
        {
            AddSecret("store-credentials", spec.Store.CredentialsSecret, ContainerPlaces.CredentialsFolder);
        }

        if (spec.Store.CaBundle is { ConfigMap.Length: > 0 } bundle)
        {
            var item = new JsonObject { ["key"] = bundle.Key, ["path"] = ContainerPlaces.CaName };
            var map = new JsonObject { ["name"] = bundle.ConfigMap, ["items"] = new JsonArray(item) };
            Add("store-ca", "configMap", map, ContainerPlaces.CaFolder, readOnly: true);
        }

        Add("work", "emptyDir", [], ContainerPlaces.WorkFolder);
        Add("tmp", "emptyDir", [], ContainerPlaces.TemporaryFolder);
        if (PodManifest.Trains(pod))
        {
            var memory = new JsonObject { ["medium"] = "Memory", ["sizeLimit"] = spec.Workers.SharedMemory.Text };
            Add("shm", "emptyDir", memory, ContainerPlaces.SharedMemoryFolder);
        }
    }

    /// <summary>Each volume with its mount.</summary>
    public List<(JsonObject Volume, JsonObject Mount)> All { get; } = [];

    private void AddSecret(string name, string secret, string folder) =>
        Add(
            name,
            "secret",
            new JsonObject { ["secretName"] = secret, ["defaultMode"] = SecretMode },
            folder,
            readOnly: true
        );

    private void Add(string name, string kind, JsonObject source, string folder, bool readOnly = false)
    {
        name = ReservedNames.VolumePrefix + name;
        var mount = new JsonObject { ["name"] = name, ["mountPath"] = folder };
        if (readOnly)
        {
            mount["readOnly"] = true;
        }

        All.Add((new JsonObject { ["name"] = name, [kind] = source }, mount));
    }
}
