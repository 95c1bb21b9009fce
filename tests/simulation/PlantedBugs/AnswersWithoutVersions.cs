using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>What the creation of a pod answers is not kept, as nobody can tell how new it is.</summary>
internal sealed class AnswersWithoutVersions(IApiServer inner) : BuggyServer(inner)
{
    public override async Task<JsonObject> CreateAsync(
        ResourceType type,
        JsonObject body,
        CancellationToken cancellationToken
    ) => WithoutVersion(type, await Inner.CreateAsync(type, body, cancellationToken));

    public override async Task<JsonObject?> GetAsync(
        ResourceType type,
        string? ns,
        string name,
        CancellationToken cancellationToken
    ) => await Inner.GetAsync(type, ns, name, cancellationToken) is { } found ? WithoutVersion(type, found) : null;

    private static JsonObject WithoutVersion(ResourceType type, JsonObject answer)
    {
        if (type == ResourceType.Pods)
        {
            answer["metadata"]!["resourceVersion"] = "";
        }

        return answer;
    }
}
