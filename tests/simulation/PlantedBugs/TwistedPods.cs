using System.Text.Json.Nodes;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Tells the gang's last rank of a branch of its own.</summary>
internal sealed class TwistedPods(IApiServer inner) : BuggyServer(inner)
{
    public override Task<JsonObject> CreateAsync(
        ResourceType type,
        JsonObject body,
        CancellationToken cancellationToken
    )
    {
        var variables = body["spec"]?["containers"]?[0]?["env"] as JsonArray ?? [];
        var branch = variables.OfType<JsonObject>().FirstOrDefault(v => (string?)v["name"] == EnvironmentNames.Branch);
        if (type == ResourceType.Pods && branch is not null && !((string)body["metadata"]!["name"]!).EndsWith("-0"))
        {
            branch["value"] = "b0";
        }

        return Inner.CreateAsync(type, body, cancellationToken);
    }
}
