using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Tests.Worlds;

/// <summary>Runs and checkpoints for tests.</summary>
internal static class Runs
{
    public const string Uid = "uid-1";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Manifest = """
        apiVersion: codeparrot.dev/v1alpha1
        kind: TrainingRun
        metadata: { name: small }
        spec:
          store: { uri: s3://models/codeparrot }
          corpus: { source: { uri: file:///data } }
          model: { layers: 2, heads: 2, width: 64, contextLength: 64 }
          training: { maxSteps: 100 }
          workers: { count: 2 }
          failurePolicy:
            maxRestarts: 3
            backoff: { initial: 5s, max: 40s }
            startupDeadline: 20m
            stallTimeout: 10m
            nodeLostTimeout: 1m
        """;

    public static TrainingRun Small(params string[] overrides) =>
        new()
        {
            Metadata = new ObjectMetadata
            {
                Name = "small",
                Uid = Uid,
                ResourceVersion = "1",
            },
            Spec = ManifestReader.Read(Manifest, "run.yaml", overrides).Spec,
        };

    public static CheckpointSummary Checkpoint(long step, string branch = "b1", double? evalLoss = null) =>
        new($"step-{step:D9}-a1", branch, step, 3.0, evalLoss, 1000, "digest", Start.AddSeconds(step));
}
