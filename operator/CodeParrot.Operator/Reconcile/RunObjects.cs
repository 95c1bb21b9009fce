using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Operator.Reconcile;

/// <summary>The objects that an effect makes, with the types that they are made as.</summary>
/// <param name="options">What is the same in all of them.</param>
/// <param name="secretBytes">Bytes that nobody can guess.</param>
internal sealed class RunObjects(ManifestOptions options, Func<int, byte[]> secretBytes)
{
    private const int KeyBytes = 32;

    /// <summary>Objects that are to be there after an effect.</summary>
    public IEnumerable<(ResourceType Type, JsonObject Body)> Of(TrainingRun run, PlanAction action) =>
        action switch
        {
            EnsureSnapshot a => [(ResourceType.ConfigMaps, SnapshotManifest.Build(run, a))],
            EnsureNetwork =>
            [
                (ResourceType.Services, ServiceManifest.Build(run, options)),
                (ResourceType.NetworkPolicies, NetworkPolicyManifest.Build(run, options)),
            ],
            EnsureRendezvousKey a =>
            [
                (ResourceType.Secrets, RendezvousKeyManifest.Build(run, a.Name, secretBytes(KeyBytes))),
            ],
            EnsureGang => GangSchedulers.Of(run.Status.Gang.Scheduler).Groups(run).Select(g => (TypeOf(g), g)),
            _ => throw new System.Diagnostics.UnreachableException($"nothing to be made for {action}"),
        };

    /// <summary>Types and names of what a gang's end leaves to be deleted.</summary>
    public static IEnumerable<(ResourceType Type, string Name)> Released(TrainingRun run, ReleaseGang action) =>
        GangSchedulers
            .Of(run.Status.Gang.Scheduler)
            .Release(run, action.Attempt)
            .Select(g => (ResourceType.Of(g.ApiVersion, g.Plural, g.Kind), g.Name));

    // Groups that we make are PodGroups, whosever they are: Kueue makes its Workloads itself.
    private static ResourceType TypeOf(JsonObject group) =>
        ResourceType.Of((string)group["apiVersion"]!, PodGroup.Plural, PodGroup.Kind);
}
