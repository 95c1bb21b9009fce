using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Simulation.Tests.PlantedBugs;

/// <summary>Writes a type's objects whatever their version is by now.</summary>
internal sealed class LastWriteWins(IApiServer inner, ResourceType careless) : BuggyServer(inner)
{
    public override async Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                return await Inner.ReplaceAsync(type, body, subresource, cancellationToken);
            }
            catch (ApiServerException e) when (e.Status == HttpStatusCode.Conflict && type == careless)
            {
                var metadata = body["metadata"]!.AsObject();
                var now = await Inner.GetAsync(
                    type,
                    (string?)metadata["namespace"],
                    (string)metadata["name"]!,
                    cancellationToken
                );
                metadata["resourceVersion"] = now?["metadata"]?["resourceVersion"]?.DeepClone();
                metadata["uid"] = now?["metadata"]?["uid"]?.DeepClone();
            }
        }
    }
}
