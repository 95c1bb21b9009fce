using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Tests.Manifests;

/// <summary>
/// A queue splits a gang whose pods have different shapes, and then admits a part of it: all ranks must be alike.
/// </summary>
public sealed class PodShapeTests
{
    private static readonly string[] Differing = [LabelNames.PodIndex, "kueue.x-k8s.io/pod-group-pod-index"];

    [Theory]
    [InlineData(GangScheduler.None)]
    [InlineData(GangScheduler.Kueue)]
    [InlineData(GangScheduler.Volcano)]
    public void Ranks_differ_by_name_and_index_alone(GangScheduler gang)
    {
        var run = ManifestRuns.Run(
            StageNames.Train,
            [.. ManifestRuns.Everything, "workers.count=16", $"scheduling.gang={gang}"]
        );

        var shapes = Enumerable.Range(0, 8).Select(i => WithoutIndex(Rank(run, i), i)).ToList();

        Assert.All(shapes, s => Assert.Equal(shapes[0].ToJsonString(), s.ToJsonString()));
    }

    [Fact]
    public void A_rank_with_a_port_of_its_own_would_be_noticed()
    {
        var run = ManifestRuns.Run();
        var first = Rank(run, 0);
        ManifestRuns.Container(first)["ports"]!.AsArray().Add(new JsonObject { ["containerPort"] = 29500 });

        Assert.NotEqual(WithoutIndex(first, 0).ToJsonString(), WithoutIndex(Rank(run, 1), 1).ToJsonString());
    }

    [Fact]
    public void The_environment_of_ranks_differs_by_the_pods_index_alone()
    {
        var run = ManifestRuns.Run();

        var differing = Variables(Rank(run, 0)).Zip(Variables(Rank(run, 1))).Where(p => p.First != p.Second);

        Assert.Equal((EnvironmentNames.PodIndex + "=0", EnvironmentNames.PodIndex + "=1"), Assert.Single(differing));
    }

    private static JsonObject Rank(TrainingRun run, int index) =>
        ManifestRuns.Pod(run, index, p => p with { ExcludedNodes = ["bad"] });

    private static IEnumerable<string> Variables(JsonObject pod) =>
        ManifestRuns.Container(pod)["env"]!.AsArray().Select(v => $"{v!["name"]}={v["value"]}");

    private static JsonObject WithoutIndex(JsonObject pod, int index)
    {
        var container = ManifestRuns.Container(pod);
        container["env"]!.AsArray().RemoveAll(v => (string?)v!["name"] == EnvironmentNames.PodIndex);
        foreach (var label in Differing)
        {
            pod["metadata"]!["labels"]!.AsObject().Remove(label);
        }

        Assert.Equal($"small-train-a3-{index}", (string?)pod["metadata"]!["name"]);
        Assert.Equal($"train-a3-{index}", (string?)pod["spec"]!["hostname"]);
        pod["metadata"]!.AsObject().Remove("name");
        pod["spec"]!.AsObject().Remove("hostname");
        return pod;
    }
}
