using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;
using CodeParrot.Operator.Progress;

namespace CodeParrot.Operator.Tests.Worlds;

/// <summary>Makes operators against a server in memory.</summary>
internal static class Loops
{
    public static readonly OperatorOptions Options = new() { Manifests = new ManifestOptions { Image = "trainer:1" } };

    public static OperatorLoop Create(IApiServer server, VirtualTime time, string identity = "a", int seed = 1) =>
        new(
            new OperatorPorts
            {
                Server = server,
                Progress = new NoProgress(),
                Time = time,
                Random = new Random(seed),
                SecretBytes = Bytes(seed),
            },
            Options with
            {
                Identity = identity,
            },
            Metrics()
        );

    public static OperatorMetrics Metrics() => new(Prometheus.Metrics.NewCustomRegistry());

    /// <summary>A run as a user applies it.</summary>
    public static JsonObject Run(string name, int ranks = 2) =>
        JsonNode
            .Parse(
                $$"""
                {
                  "apiVersion": "codeparrot.dev/v1alpha1", "kind": "TrainingRun",
                  "metadata": { "name": "{{name}}", "namespace": "default" },
                  "spec": {
                    "store": { "uri": "s3://models/x", "endpoint": "http://store:9000", "credentialsSecret": "keys" },
                    "corpus": { "source": { "uri": "s3://data/x/" } },
                    "model": { "preset": "gpt2" },
                    "training": { "maxSteps": 100 },
                    "workers": { "count": {{ranks}} }
                  }
                }
                """
            )!
            .AsObject();

    public static TrainingRun Read(MemoryServer server, string name) =>
        server.Find(ResourceType.TrainingRuns, name).Deserialize<TrainingRun>(ApiJson.Compact)!;

    private static Func<int, byte[]> Bytes(int seed)
    {
        var random = new Random(seed);
        return count =>
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        };
    }

    private sealed class NoProgress : IProgressSource
    {
        public Task<RunProgress?> ReadAsync(
            PodObservation pod,
            CheckpointRequest? request,
            CancellationToken cancellationToken
        ) => Task.FromResult<RunProgress?>(null);
    }
}
