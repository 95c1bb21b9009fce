using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Scheduling;
using CodeParrot.Operator.Core.Tests.Manifests;

namespace CodeParrot.Operator.Core.Tests.Scheduling;

public sealed class GangSchedulersTests
{
    private const string KueuePrefix = "kueue.x-k8s.io/";

    [Fact]
    public void Kueue_groups_the_ranks_of_an_attempt() =>
        GoldenFile.Check("pod-train-kueue", ManifestRuns.Pod(Kueue(StageNames.Train)));

    [Fact]
    public void Volcano_has_a_group_that_stands_before_the_pods()
    {
        var run = Volcano(StageNames.Train);

        GoldenFile.Check("pod-group-volcano", Assert.Single(GangSchedulers.Of(GangScheduler.Volcano).Groups(run)));
        GoldenFile.Check("pod-train-volcano", ManifestRuns.Pod(run));
        GoldenFile.Check("pod-corpus-volcano", ManifestRuns.Pod(Volcano(StageNames.Corpus)));
    }

    [Theory]
    [InlineData(GangScheduler.Coscheduling)]
    [InlineData(GangScheduler.Native)]
    public void So_have_others(GangScheduler kind)
    {
        var run = ManifestRuns.Run(StageNames.Train, $"scheduling.gang={kind}");
        var name = $"{kind}".ToLowerInvariant();

        GoldenFile.Check($"pod-group-{name}", Assert.Single(GangSchedulers.Of(kind).Groups(run)));
        GoldenFile.Check($"pod-train-{name}", ManifestRuns.Pod(run));
        GoldenFile.Check($"pod-corpus-{name}", ManifestRuns.Pod(ManifestRuns.Run("corpus", $"scheduling.gang={kind}")));
    }

    [Theory]
    [InlineData(StageNames.Corpus)]
    [InlineData(StageNames.Tokenizer)]
    [InlineData(StageNames.Evaluate)]
    [InlineData(StageNames.Publish)]
    [InlineData("promote")]
    public void Under_kueue_other_stages_are_queued_without_a_group(string stage)
    {
        Assert.Equal([KueuePrefix + "queue-name"], KueueNames(ManifestRuns.Pod(Kueue(stage))));
    }

    [Fact]
    public void A_gang_of_one_pod_needs_no_group()
    {
        var pod = ManifestRuns.Pod(Kueue(StageNames.Train, "workers.count=2", "workers.gpusPerPod=2"));

        Assert.Equal([KueuePrefix + "queue-name"], KueueNames(pod));
    }

    // Kubernetes' own also in the version that it may have been made in.
    [Theory]
    [InlineData(GangScheduler.Coscheduling, 1)]
    [InlineData(GangScheduler.Volcano, 1)]
    [InlineData(GangScheduler.Native, 2)]
    public void The_group_of_an_attempt_goes_with_it(GangScheduler kind, int versions)
    {
        var run = ManifestRuns.Run(StageNames.Train, $"scheduling.gang={kind}");
        var adapter = GangSchedulers.Of(kind);

        var released = adapter.Release(run, run.Status.Attempt);

        var group = adapter.Groups(run)[0];
        Assert.Equal(versions, released.Count);
        Assert.Equal(
            ((string?)group["apiVersion"], (string?)group["kind"], (string?)group["metadata"]!["name"]),
            (released[0].ApiVersion, released[0].Kind, released[0].Name)
        );
        Assert.Single(released.Select(r => (r.Kind, r.Plural, r.Namespace, r.Name)).Distinct());
    }

    [Fact]
    public void Without_a_gang_scheduler_there_are_no_objects()
    {
        Assert.Empty(GangSchedulers.Of(GangScheduler.None).Groups(ManifestRuns.Run()));
        Assert.Empty(GangSchedulers.Of(GangScheduler.None).Release(ManifestRuns.Run(), 3));
    }

    [Fact]
    public void Kueues_workload_goes_with_a_gang_that_never_ran_and_stays_with_one_that_did()
    {
        var run = Kueue(StageNames.Train);
        var ran = run with { Status = run.Status with { Gang = run.Status.Gang with { ScheduledAt = Runs.Start } } };
        var adapter = GangSchedulers.Of(GangScheduler.Kueue);

        var group = ManifestRuns.Pod(run)["metadata"]!["labels"]![KueuePrefix + "pod-group-name"];
        Assert.Empty(adapter.Groups(run));
        Assert.Equal((string?)group, Assert.Single(adapter.Release(run, run.Status.Attempt)).Name);
        Assert.Empty(adapter.Release(ran, ran.Status.Attempt));
    }

    [Fact]
    public void Every_kind_has_an_adapter_and_is_accepted_in_a_spec()
    {
        foreach (var kind in Enum.GetValues<GangScheduler>())
        {
            var queue = kind == GangScheduler.Kueue ? "q" : "";

            Assert.NotNull(GangSchedulers.Of(kind));
            Assert.Equal(kind, Runs.Small($"scheduling={{gang: {kind}, queue: '{queue}'}}").Spec.Scheduling.Gang);
        }
    }

    private static IEnumerable<string> KueueNames(JsonObject pod) =>
        new[] { "labels", "annotations" }
            .SelectMany(map => pod["metadata"]![map] as JsonObject ?? [])
            .Select(p => p.Key)
            .Where(k => k.StartsWith(KueuePrefix));

    private static TrainingRun Kueue(string stage, params string[] overrides) =>
        ManifestRuns.Run(stage, ["scheduling={gang: Kueue, queue: research}", .. overrides]);

    private static TrainingRun Volcano(string stage) =>
        ManifestRuns.Run(
            stage,
            "scheduling={gang: Volcano, queue: research}",
            "workers.template={priorityClassName: batch}"
        );
}
