using System.Text.Json.Nodes;
using CodeParrot.EndToEnd.Tests.Cluster;

namespace CodeParrot.EndToEnd.Tests.Runs;

/// <summary>Specs of runs that two CPU cores bear: a model of a few thousand parameters.</summary>
internal static class RunSpecs
{
    /// <summary>A run of some steps, of which all want one corpus and one tokenizer, made once.</summary>
    /// <param name="cluster">Says where the store is.</param>
    /// <param name="prefix">Prefix in the store.</param>
    /// <param name="maxSteps">Steps.</param>
    /// <param name="ranks">Ranks, a pod with a GPU each where the node claims some.</param>
    public static JsonObject Of(TestCluster cluster, string prefix, long maxSteps, int ranks = 2)
    {
        var spec = JsonNode
            .Parse(
                $$"""
                {
                  "corpus": {
                    "source": { "uri": "s3://{{cluster.Bucket}}/sources/corpus.jsonl", "format": "JsonLines" },
                    "filters": { "minBytes": 16 },
                    "validationFraction": 0.1
                  },
                  "tokenizer": { "train": { "vocabularySize": 400 } },
                  "model": { "layers": 2, "heads": 2, "width": 32, "contextLength": 64, "dropout": 0.1 },
                  "training": {
                    "batchSize": 4, "maxSteps": {{maxSteps}}, "learningRate": 1e-3, "precision": "Fp32",
                    "schedule": { "warmupSteps": 2 }
                  },
                  "evaluation": { "everySteps": 1000000, "maxSteps": 2 },
                  "checkpoints": { "everySteps": 25, "keep": { "last": 40 } },
                  "workers": {
                    "count": {{ranks}}, "threads": 1, "sharedMemory": "64Mi", "terminationGracePeriod": "2m",
                    "resources": { "requests": { "cpu": "50m", "memory": "128Mi" } }
                  },
                  "failurePolicy": { "backoff": { "initial": "1s", "max": "5s" } }
                }
                """
            )!
            .AsObject();
        spec["store"] = cluster.StoreSpec(prefix);
        if (cluster.Options.OwnNode)
        {
            spec["workers"]!["resources"]!["limits"] = new JsonObject { ["nvidia.com/gpu"] = 1 };
        }

        return spec;
    }
}
