using System.Text.RegularExpressions;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed partial class ObjectNamesTests
{
    private const int Attempt = 999_999;
    private const int PodIndex = 99_999;

    public static TheoryData<string> Stages => [.. StageNames.All, TaskNames.Promote, TaskNames.Cleanup];

    [Fact]
    public void The_longest_run_still_has_good_names()
    {
        var run = Longest(StageNames.Train);
        var names = new[]
        {
            ServiceManifest.Build(run, ManifestRuns.Options),
            NetworkPolicyManifest.Build(run, ManifestRuns.Options),
            DisruptionBudgetManifest.Build(run),
            SnapshotManifest.Build(run, new EnsureSnapshot(run.Status.SpecHash, "")),
        }
            .Select(m => (string)m["metadata"]!["name"]!)
            .Append(ObjectNames.Gang(run, Attempt));

        Assert.All(names, n => Assert.Matches(Label(), n));
        var happened = new RecordEvent(Warning: false, "Reason", "note");
        var name = (string)EventManifest.Build(run, happened, Runs.Start, "o")["metadata"]!["name"]!;
        Assert.All(name.Split('.'), part => Assert.Matches(Label(), part));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void The_longest_pod_still_has_good_names_and_labels(string stage)
    {
        var run = Longest(stage);
        var spec = PodBuilder.Build(run, PodIndex);

        var pod = PodManifest.Build(run, spec, ManifestRuns.Options);

        // A pod's own name may be longer than a label; its hostname is its name in DNS.
        Assert.True(((string)pod["metadata"]!["name"]!).Length <= 253);
        Assert.Matches(Label(), (string)pod["spec"]!["hostname"]!);
        Assert.Matches(Label(), (string)pod["spec"]!["subdomain"]!);
        Assert.All(pod["metadata"]!["labels"]!.AsObject(), l => Assert.True(((string)l.Value!).Length <= 63));
        Assert.All(PodAddress.Master(spec, "").Split('.'), part => Assert.Matches(Label(), part));
    }

    [Fact]
    public void A_recreated_run_and_another_attempt_have_gangs_of_their_own()
    {
        var run = ManifestRuns.Run();
        var again = run with { Metadata = run.Metadata with { Uid = "5" + run.Metadata.Uid[1..] } };

        Assert.Equal(
            3,
            new[] { (run, 1), (run, 2), (again, 1) }.Select(r => ObjectNames.Gang(r.Item1, r.Item2)).Distinct().Count()
        );
    }

    private static TrainingRun Longest(string stage)
    {
        var run = ManifestRuns.Run(stage, "scheduling={gang: Kueue, queue: q}");
        return run with
        {
            Metadata = run.Metadata with { Name = new string('r', 40), Namespace = new string('n', 63) },
            Status = run.Status with { Attempt = Attempt },
        };
    }

    [GeneratedRegex("^(?=.{1,63}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();
}
