using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Faults;

namespace CodeParrot.Simulation.Tests.Runs;

/// <summary>What users apply.</summary>
internal static class Scenario
{
    public const string Namespace = "default";

    /// <summary>A run that trains some steps on a few ranks, and is done within minutes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="random">Where its numbers are drawn from.</param>
    /// <param name="faults">Whether ranks outlive a lost one, and go on with fewer.</param>
    public static JsonObject Run(string name, Random random, FaultPlan faults)
    {
        var peers = faults.Peers;
        var perPod = random.Next(4) == 0 ? 2 : 1;
        var retains = random.Next(2) == 0 ? "true" : "false";
        var disruption = random.Next(3) == 0 ? "BlockUntilCheckpoint" : "Allow";
        // Long ones are still training when an operator comes back after minutes.
        var steps = random.Next(4) == 0 || peers ? 80 : 20;
        var stall = random.Next(2) == 0 ? "30s" : "1m";
        var recovery = peers ? "Peers" : "Gang";
        var pods = random.Next(4) + 1;
        var restarts = 2 + random.Next(5);
        // Those that can do without some have two at least.
        pods = faults.Fewer ? Math.Max(2, pods) : pods;
        var least = faults.Fewer ? $"\"minCount\": {perPod * (1 + random.Next(pods - 1))}," : "";
        // No draw of its own: histories of other runs stay as they were.
        var corpusWorkers =
            disruption == "Allow" ? 1
            : steps == 20 ? 2
            : 3;
        return JsonNode
            .Parse(
                $$"""
                {
                  "apiVersion": "codeparrot.dev/v1alpha1", "kind": "TrainingRun",
                  "metadata": { "name": "{{name}}", "namespace": "{{Namespace}}" },
                  "spec": {
                    "store": { "uri": "s3://models/x", "endpoint": "http://store:9000", "credentialsSecret": "keys" },
                    "corpus": { "source": { "uri": "s3://data/x/" }, "workers": {{corpusWorkers}} },
                    "model": { "layers": 2, "heads": 2, "width": 64, "contextLength": 64 },
                    "training": { "maxSteps": {{steps}} },
                    "checkpoints": { "everySteps": 5, "keep": { "last": 2, "everySteps": 1000, "best": 0 } },
                    "workers": {
                      "count": {{perPod * pods}}, "gpusPerPod": {{perPod}}, {{least}}
                      "terminationGracePeriod": "20s", "rendezvousTimeout": "40s"
                    },
                    "failurePolicy": {
                      "maxRestarts": {{restarts}}, "backoff": { "initial": "1s", "max": "10s" },
                      "recovery": "{{recovery}}",
                      "startupDeadline": "5m", "stallTimeout": "{{stall}}", "nodeLostTimeout": "15s"
                    },
                    "disruption": "{{disruption}}",
                    "retainArtifacts": {{retains}}
                  }
                }
                """
            )!
            .AsObject();
    }

    /// <summary>The secret with the store's credentials, which users make.</summary>
    public static void AddCredentials(SimulatedApiServer server) =>
        server.Writer.Create(
            ResourceType.Secrets,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["namespace"] = Namespace, ["name"] = "keys" },
            }
        );
}
