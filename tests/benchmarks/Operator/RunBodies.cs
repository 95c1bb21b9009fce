using System.Text.Json;
using System.Text.Json.Nodes;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>TrainingRuns as a user sends them.</summary>
internal static class RunBodies
{
    /// <summary>A run that restarts without a wait, as often as it must.</summary>
    public static byte[] Of(string name, int ranks)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = "codeparrot.dev/v1alpha1",
            ["kind"] = "TrainingRun",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["store"] = new JsonObject
                {
                    ["uri"] = "s3://models/benchmark",
                    ["endpoint"] = "https://s3.example.com",
                },
                ["corpus"] = new JsonObject { ["source"] = new JsonObject { ["uri"] = "s3://datasets/python/" } },
                ["training"] = new JsonObject { ["batchSize"] = 1, ["maxSteps"] = 1000 },
                ["workers"] = new JsonObject { ["count"] = ranks },
                ["failurePolicy"] = new JsonObject
                {
                    ["maxRestarts"] = 1000,
                    ["backoff"] = new JsonObject { ["initial"] = "0s" },
                },
            },
        };
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
