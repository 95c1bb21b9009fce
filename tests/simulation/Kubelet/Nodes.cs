using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;

namespace CodeParrot.Simulation.Tests.Kubelet;

/// <summary>The nodes, and what the API server says of them.</summary>
internal sealed class Nodes
{
    private const int Count = 4;

    private readonly SimulatedApiServer _server;
    private readonly List<SimulatedNode> _nodes = [];
    private int _made;

    public Nodes(SimulatedApiServer server, Random random)
    {
        _server = server;
        for (var i = 0; i < Count; i++)
        {
            Add(2 + random.Next(2));
        }
    }

    /// <summary>Nodes that are not gone for good.</summary>
    public IReadOnlyList<SimulatedNode> All => _nodes;

    public SimulatedNode Add(int slots)
    {
        var node = new SimulatedNode($"node-{++_made}", slots);
        _nodes.Add(node);
        _server.Writer.Create(
            ResourceType.Nodes,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = node.Name },
                ["spec"] = new JsonObject(),
            }
        );
        Report(node);
        return node;
    }

    /// <summary>Writes what the control plane thinks of a node.</summary>
    public void Report(SimulatedNode node)
    {
        if (_server.Store.Find(Key(node)) is not { } stored)
        {
            return;
        }

        var body = (JsonObject)stored.Body.DeepClone();
        body["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(
                new JsonObject { ["type"] = "Ready", ["status"] = node.IsReachable ? "True" : "Unknown" }
            ),
        };
        body.Child("spec")["taints"] = new JsonArray(node.IsReachable ? [] : [Taint("NoSchedule"), Taint("NoExecute")]);
        _server.Store.Put(stored.Key, body);
    }

    public void Remove(SimulatedNode node)
    {
        node.IsGone = true;
        _nodes.Remove(node);
        _server.Writer.Delete(Key(node), "", grace: null);
    }

    private static ObjectKey Key(SimulatedNode node) => new(ResourceType.Nodes, "", node.Name);

    private static JsonObject Taint(string effect) =>
        new() { ["key"] = "node.kubernetes.io/unreachable", ["effect"] = effect };
}
