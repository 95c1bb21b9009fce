using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Operator.Reconcile;

/// <content>Objects that are made once; of these, only a network policy follows what is wanted later.</content>
internal sealed partial class KubernetesCluster
{
    // Servers before 1.21 know this version only, those from 1.25 on the newer one only.
    private static readonly ResourceType OlderBudgets = ResourceType.PodDisruptionBudgets with { Version = "v1beta1" };

    // Types of which a server may know an older version only.
    private static readonly Dictionary<ResourceType, ResourceType> _older = new()
    {
        [ResourceType.PodDisruptionBudgets] = OlderBudgets,
        [PodGroupOf(NativeGang.ApiVersion)] = PodGroupOf(NativeGang.OlderApiVersion),
    };

    private readonly ILogger _log = ports.Logs.CreateLogger<KubernetesCluster>();

    private async Task EnsureAsync(TrainingRun run, PlanAction action, CancellationToken cancellationToken)
    {
        foreach (var (type, body) in _objects.Of(run, action))
        {
            await EnsureAsync(run, type, body, cancellationToken);
        }

        if (action is EnsureSnapshot snapshot)
        {
            _snapshots.Remember(snapshot);
        }
    }

    private async Task EnsureAsync(
        TrainingRun run,
        ResourceType type,
        JsonObject body,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await server.CreateAsync(type, body, cancellationToken);
        }
        catch (ApiServerException e) when (e.Reason == ApiServerException.AlreadyExists)
        {
            // Secrets may not be read, and need not: nobody else can know the name of ours.
            if (type != ResourceType.Secrets)
            {
                await CheckOwnerAsync(run, type, body, cancellationToken);
            }

            if (type == ResourceType.NetworkPolicies)
            {
                await UpdateAsync(run, type, body, cancellationToken);
            }
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.NotFound && _older.ContainsKey(type))
        {
            body["apiVersion"] = _older[type].ApiVersion;
            await EnsureAsync(run, _older[type], body, cancellationToken);
        }
    }

    private static ResourceType PodGroupOf(string apiVersion) =>
        ResourceType.Of(apiVersion, PodGroup.Plural, PodGroup.Kind);

    // What is left of an earlier run of the same name goes by itself; what someone else made has to be moved by them.
    private async Task CheckOwnerAsync(
        TrainingRun run,
        ResourceType type,
        JsonObject body,
        CancellationToken cancellationToken
    )
    {
        var name = (string?)body["metadata"]?["name"] ?? "";
        var found = await server.GetAsync(type, run.Metadata.Namespace, name, cancellationToken);
        if (found is not null && IsOwned(run, found))
        {
            return;
        }

        LogForeign(run.Metadata.Name, run.Metadata.Namespace, type.Kind, name);
        var message = $"{type.Kind} {run.Metadata.Namespace}/{name} belongs to someone else";
        await _refusals.TellAsync(run, $"{message}: remove it, or give the run another name", cancellationToken);
        throw new ClusterConflictException(message);
    }

    // An operator that was upgraded, or told of other peers, lets these in from the next attempt on.
    private async Task UpdateAsync(
        TrainingRun run,
        ResourceType type,
        JsonObject body,
        CancellationToken cancellationToken
    )
    {
        var name = (string?)body["metadata"]?["name"] ?? "";
        var patch = new JsonObject { ["spec"] = body["spec"]!.DeepClone() };
        await server.PatchAsync(type, run.Metadata.Namespace, name, patch, cancellationToken);
    }

    private async Task ReleaseGangAsync(Observed observed, ReleaseGang action, CancellationToken cancellationToken)
    {
        foreach (var (type, name) in RunObjects.Released(observed.Run, action))
        {
            await server.DeleteAsync(type, observed.Run.Metadata.Namespace, name, "", null, cancellationToken);
        }
    }

    private async Task SetDisruptionBudgetAsync(
        Observed observed,
        SetDisruptionBudget action,
        CancellationToken cancellationToken
    )
    {
        var body = DisruptionBudgetManifest.Build(observed.Run);
        if (!action.Blocks)
        {
            var name = (string?)body["metadata"]?["name"] ?? "";
            await DeleteBudgetAsync(observed.Run, name, cancellationToken);
            return;
        }

        await EnsureAsync(observed.Run, ResourceType.PodDisruptionBudgets, body, cancellationToken);
    }

    private async Task DeleteBudgetAsync(TrainingRun run, string name, CancellationToken cancellationToken)
    {
        // One that is not there cannot be told from a version that is not there: the older one is asked for as well,
        // and where that is unknown, there is nothing to delete either.
        foreach (var type in new[] { ResourceType.PodDisruptionBudgets, OlderBudgets })
        {
            var found = await server.GetAsync(type, run.Metadata.Namespace, name, cancellationToken);
            if (found is not null && IsOwned(run, found))
            {
                var uid = (string?)found["metadata"]?["uid"] ?? "";
                await server.DeleteAsync(type, run.Metadata.Namespace, name, uid, null, cancellationToken);
                return;
            }
        }
    }

    private static bool IsOwned(TrainingRun run, JsonObject found)
    {
        var owners = found["metadata"]?["ownerReferences"] as JsonArray ?? [];
        return owners.Any(o => (string?)o?["uid"] == run.Metadata.Uid);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Run} in {Namespace} waits: {Kind} {Name} exists and belongs to someone else"
    )]
    private partial void LogForeign(string run, string @namespace, string kind, string name);
}
