using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Cluster;

/// <summary>TrainingRuns as a user sends them.</summary>
internal static class RunObjects
{
    /// <summary>The smallest good one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="spec">Further fields of its spec, as JSON.</param>
    public static JsonObject Small(string name, string spec = "{}")
    {
        var fields = JsonNode.Parse(spec)!.AsObject();
        fields["corpus"] = JsonNode.Parse("""{ "source": { "uri": "file:///data" } }""");
        return new JsonObject
        {
            ["apiVersion"] = "codeparrot.dev/v1alpha1",
            ["kind"] = "TrainingRun",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = fields,
        };
    }
}
