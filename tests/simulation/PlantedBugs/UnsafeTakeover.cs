using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Sees every lease of another as one that nobody holds.</summary>
internal sealed class UnsafeTakeover(IApiServer inner) : BuggyServer(inner)
{
    public override async Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    )
    {
        var found = await Inner.GetAsync(type, ns, name, cancellationToken);
        if (type == ResourceType.Leases && found?["spec"] is JsonObject spec)
        {
            spec["holderIdentity"] = "";
        }

        return found;
    }
}
