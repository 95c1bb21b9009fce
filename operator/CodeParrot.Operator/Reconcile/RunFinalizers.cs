using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Reconcile;

/// <summary>Changes the finalizers of runs.</summary>
/// <param name="server">The server.</param>
internal sealed class RunFinalizers(IApiServer server)
{
    /// <summary>Sets them, if the run is still the one, at the version, that they were seen on.</summary>
    public Task SetAsync(
        string ns,
        string name,
        string uid,
        string resourceVersion,
        IEnumerable<string> finalizers,
        CancellationToken cancellationToken
    )
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = uid,
                ["resourceVersion"] = resourceVersion,
                ["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]),
            },
        };
        return server.PatchAsync(ResourceType.TrainingRuns, ns, name, patch, cancellationToken);
    }
}
