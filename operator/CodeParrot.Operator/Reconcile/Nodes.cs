using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Reconcile;

/// <summary>Asks for single nodes, when the planner wants to know: a cache of all of them would serve nobody.</summary>
/// <param name="server">The server.</param>
internal sealed class Nodes(IApiServer server)
{
    private static readonly string[] LostTaints =
    [
        "node.kubernetes.io/unreachable",
        "node.kubernetes.io/out-of-service",
    ];

    /// <summary>States by the nodes' names.</summary>
    public async Task<IReadOnlyDictionary<string, NodeState>> AskAsync(
        IReadOnlyList<string> names,
        CancellationToken cancellationToken
    )
    {
        var states = new Dictionary<string, NodeState>();
        foreach (var name in names)
        {
            states[name] = await AskAsync(name, cancellationToken);
        }

        return states;
    }

    private async Task<NodeState> AskAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var node = await server.GetAsync(ResourceType.Nodes, null, name, cancellationToken);
            return node is null ? NodeState.Gone : StateOf(node);
        }
        catch (ApiServerException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            // An operator of one namespace has no right to see nodes, unless it was given.
            return NodeState.Unknown;
        }
    }

    private static NodeState StateOf(JsonObject node)
    {
        var taints = node["spec"]?["taints"] as JsonArray ?? [];
        if (taints.Any(t => LostTaints.Contains((string?)t?["key"])))
        {
            return NodeState.Unreachable;
        }

        // Not ready, but reporting, is a kubelet that still ends its pods.
        var conditions = node["status"]?["conditions"] as JsonArray ?? [];
        var ready = conditions.FirstOrDefault(c => (string?)c?["type"] == "Ready");
        return (string?)ready?["status"] is "True" or "False" ? NodeState.Ready : NodeState.Unreachable;
    }
}
