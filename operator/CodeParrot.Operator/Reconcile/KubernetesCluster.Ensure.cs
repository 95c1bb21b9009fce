using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Reconcile;

/// <content>Objects that are made once and left alone.</content>
internal sealed partial class KubernetesCluster
{
    private readonly ILogger _log = ports.Logs.CreateLogger<KubernetesCluster>();

    private async Task EnsureAsync(
        TrainingRun run,
        IEnumerable<(ResourceType Type, JsonObject Body)> objects,
        CancellationToken cancellationToken
    )
    {
        foreach (var (type, body) in objects)
        {
            await EnsureAsync(run, type, body, cancellationToken);
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
        }
    }

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
        var owners = found?["metadata"]?["ownerReferences"] as JsonArray ?? [];
        if (owners.Any(o => (string?)o?["uid"] == run.Metadata.Uid))
        {
            return;
        }

        LogForeign(run.Metadata.Name, run.Metadata.Namespace, type.Kind, name);
        throw new ClusterConflictException($"{type.Kind} {run.Metadata.Namespace}/{name} belongs to someone else");
    }

    private async Task SetDisruptionBudgetAsync(
        Observed observed,
        SetDisruptionBudget action,
        CancellationToken cancellationToken
    )
    {
        // Servers before 1.21 know the older version only.
        try
        {
            await SetDisruptionBudgetAsync(
                observed,
                action,
                ResourceType.PodDisruptionBudgets,
                cancellationToken
            );
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.NotFound)
        {
            var older = ResourceType.PodDisruptionBudgets with { Version = "v1beta1" };
            await SetDisruptionBudgetAsync(observed, action, older, cancellationToken);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Run} in {Namespace} waits: {Kind} {Name} exists and belongs to someone else"
    )]
    private partial void LogForeign(string run, string @namespace, string kind, string name);
}
