using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>What a trainer's process reads from its environment and its mounted files.</summary>
internal sealed record PodIdentity
{
    // The same few snapshots over all seeds: reading YAML would take most of a seed's time.
    private static readonly ConcurrentDictionary<string, RunSpec> Snapshots = new();

    public string Name { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Run { get; init; } = "";

    public string RunUid { get; init; } = "";

    public string Stage { get; init; } = "";

    public int Attempt { get; init; }

    public int PodIndex { get; init; }

    public int Generation { get; init; }

    public int WorldSize { get; init; } = 1;

    public int LocalWorldSize { get; init; } = 1;

    public string Branch { get; init; } = "";

    public string StartFrom { get; init; } = "";

    public string RendezvousKey { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Gets the recipe of the mounted snapshot.</summary>
    public RunSpec Spec { get; init; } = new();

    /// <summary>Gets whether the run may take over what another left.</summary>
    public bool Adopts { get; init; }

    public string RunPath => $"{Namespace}/{Run}";

    /// <summary>Gets whether the ranks of its gang outlive a lost one.</summary>
    public bool OutlivesPeers => Spec.FailurePolicy.Recovery == RecoveryMode.Peers;

    public int PodCount => WorldSize / Math.Max(1, LocalWorldSize);

    /// <summary>Gets how many pods its gang goes on with while the rest do not come.</summary>
    public int LeastPods =>
        OutlivesPeers && Spec.Workers.MinCount is { } least ? least / Math.Max(1, LocalWorldSize) : PodCount;

    /// <summary>Objects that must be there before a pod's containers start.</summary>
    public static IEnumerable<ObjectKey> Mounts(JsonObject pod)
    {
        var ns = pod.Text("metadata", "namespace");
        foreach (var volume in pod.Objects("spec", "volumes").Where(v => v.At("secret", "optional") is null))
        {
            if (volume.Text("configMap", "name") is { Length: > 0 } map)
            {
                yield return new ObjectKey(ResourceType.ConfigMaps, ns, map);
            }

            if (volume.Text("secret", "secretName") is { Length: > 0 } secret)
            {
                yield return new ObjectKey(ResourceType.Secrets, ns, secret);
            }
        }
    }

    public static PodIdentity Of(JsonObject pod, ObjectStore store)
    {
        var container = pod.Objects("spec", "containers").First();
        var variables = container
            .Objects("env")
            .Where(e => e.ContainsKey("value"))
            .ToDictionary(e => e.Text("name"), e => e.Text("value"));
        string Variable(string name) => variables.GetValueOrDefault(name, "");
        string Label(string name) => pod.Text("metadata", "labels", name);
        var text = Mounts(pod)
            .Where(m => m.Type == ResourceType.ConfigMaps)
            .SelectMany(m => store.Find(m)?.Body["data"]?.AsObject() ?? [])
            .Select(d => d.Value!.GetValue<string>())
            .FirstOrDefault(t => t.Contains(RunManifest.CurrentKind));
        return new PodIdentity
        {
            Name = pod.Text("metadata", "name"),
            Namespace = pod.Text("metadata", "namespace"),
            Run = Label(LabelNames.Run),
            RunUid = Label(LabelNames.RunUid),
            Stage = Label(LabelNames.Stage),
            Attempt = int.TryParse(Label(LabelNames.Attempt), out var attempt) ? attempt : 0,
            PodIndex = int.TryParse(Label(LabelNames.PodIndex), out var index) ? index : 0,
            Generation = int.TryParse(Variable(EnvironmentNames.PodGeneration), out var generation) ? generation : 0,
            WorldSize = int.TryParse(Variable(EnvironmentNames.WorldSize), out var world) ? world : 1,
            LocalWorldSize = int.TryParse(Variable(EnvironmentNames.LocalWorldSize), out var local) ? local : 1,
            Branch = Variable(EnvironmentNames.Branch),
            StartFrom = Variable(EnvironmentNames.StartFrom),
            RendezvousKey = Mounts(pod).FirstOrDefault(m => m.Type == ResourceType.Secrets)?.Name ?? "",
            Arguments = [.. container.Texts("command"), .. container.Texts("args")],
            Spec = text is null
                ? new RunSpec()
                : Snapshots.GetOrAdd(text, t => ManifestReader.Read(t, "run.yaml", []).Spec),
            Adopts = text is not null && text.Contains(RunMetadata.AdoptStoreAnnotation),
        };
    }
}
