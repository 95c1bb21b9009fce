using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed class ManifestGoldenTests
{
    private static readonly TrainingRun Plain = ManifestRuns.Run();
    private static readonly ManifestOptions Options = ManifestRuns.Options;

    [Fact]
    public void A_rank_by_defaults() => GoldenFile.Check("pod-train", ManifestRuns.Pod(Plain, 1));

    [Fact]
    public void A_rank_with_everything() =>
        GoldenFile.Check(
            "pod-train-everything",
            ManifestRuns.Pod(
                ManifestRuns.Run(StageNames.Train, ManifestRuns.Everything),
                1,
                p => p with { ExcludedNodes = ["node-b", "node-a"], StartFrom = "b1/step-000000050-a1", SkipSteps = 7 }
            )
        );

    [Fact]
    public void A_stage_with_everything() =>
        GoldenFile.Check(
            "pod-corpus-everything",
            ManifestRuns.Pod(ManifestRuns.Run(StageNames.Corpus, ManifestRuns.Everything))
        );

    [Fact]
    public void A_task() =>
        GoldenFile.Check(
            "pod-promote",
            ManifestRuns.Pod(
                Plain,
                0,
                p => Task(p, TaskNames.Promote) with { Arguments = ["--checkpoint", "b1/step-000000050-a1"] }
            )
        );

    [Fact]
    public void A_cleanup_that_outlives_its_run() =>
        GoldenFile.Check(
            "pod-cleanup",
            ManifestRuns.Pod(
                ManifestRuns.Run(StageNames.Train, "store={uri: 's3://models/small', credentialsSecret: s3}"),
                0,
                p => Task(p, TaskNames.Cleanup) with { SpecHash = "", Owned = false }
            )
        );

    [Fact]
    public void A_snapshot() =>
        GoldenFile.Check("snapshot", SnapshotManifest.Build(Plain, new EnsureSnapshot("0123456789abcdef", "a: b\n")));

    [Fact]
    public void A_rendezvous_key() =>
        GoldenFile.Check(
            "rendezvous-key",
            RendezvousKeyManifest.Build(Plain, Plain.Status.Gang.RendezvousKey, [1, 2, 3])
        );

    [Fact]
    public void A_service() => GoldenFile.Check("service", ServiceManifest.Build(Plain, Options));

    [Fact]
    public void A_network_policy() => GoldenFile.Check("network-policy", NetworkPolicyManifest.Build(Plain, Options));

    [Fact]
    public void A_disruption_budget() => GoldenFile.Check("disruption-budget", DisruptionBudgetManifest.Build(Plain));

    [Fact]
    public void An_event() =>
        GoldenFile.Check(
            "event",
            EventManifest.Build(
                Plain,
                new RecordEvent(Warning: true, "Restarting", "rank 1 ended with code 44"),
                Runs.Start.AddTicks(1234567),
                "operator-0"
            )
        );

    [Fact]
    public void The_same_run_gives_the_same_bytes()
    {
        static string Text() =>
            ManifestRuns.Pod(ManifestRuns.Run(StageNames.Train, ManifestRuns.Everything)).ToJsonString();

        Assert.Equal(Text(), Text());
    }

    private static PodSpec Task(PodSpec pod, string task) =>
        pod with
        {
            Name = $"small-{task}-1",
            Stage = task,
            RendezvousKey = "",
            WorldSize = 1,
            RanksPerPod = 1,
            Deadline = TimeSpan.FromMinutes(5),
            Labels = new Dictionary<string, string>(pod.Labels) { [LabelNames.Stage] = task },
        };
}
