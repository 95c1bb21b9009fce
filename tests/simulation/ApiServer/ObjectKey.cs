using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>Names one object; the namespace is empty for cluster-wide types.</summary>
internal sealed record ObjectKey(ResourceType Type, string Namespace, string Name)
{
    public static ObjectKey Of(ResourceType type, JsonObject body) =>
        new(type, body.Text("metadata", "namespace"), body.Text("metadata", "name"));

    public override string ToString() => $"{Type.Plural}/{Name}";
}
