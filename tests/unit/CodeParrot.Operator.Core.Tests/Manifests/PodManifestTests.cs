using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Tests.Manifests;

public sealed class PodManifestTests
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private static readonly TrainingRun Full = ManifestRuns.Run(StageNames.Train, ManifestRuns.Everything);

    [Theory]
    [InlineData("{ limits: { memory: 16Gi } }", "24Gi", null)]
    [InlineData("{ requests: { memory: 512Mi } }", null, "8704Mi")]
    [InlineData("{ limits: { memory: 64G }, requests: { memory: 64G } }", "70888608Ki", "70888608Ki")]
    [InlineData("{ limits: { cpu: 1 } }", null, null)]
    public void Shared_memory_is_counted_where_memory_is(string resources, string? limit, string? request)
    {
        var found = Resources(ManifestRuns.Run(StageNames.Train, "workers.resources=" + resources));

        Assert.Equal(limit, (string?)found["limits"]?["memory"]);
        Assert.Equal(request, (string?)found["requests"]?["memory"]);
    }

    [Theory]
    [InlineData(StageNames.Corpus)]
    [InlineData(StageNames.Publish)]
    [InlineData("promote")]
    public void No_stage_or_task_inherits_what_the_workers_have(string stage)
    {
        var run = ManifestRuns.Run(
            stage,
            "workers.resources={limits: {nvidia.com/gpu: 1}}",
            "workers.template={image: mine, nodeSelector: {gpu: h100}}"
        );

        var pod = ManifestRuns.Pod(run);

        Assert.Null(ManifestRuns.Container(pod)["resources"]);
        Assert.Null(pod["spec"]!["nodeSelector"]);
        Assert.Equal(ManifestRuns.Options.Image, (string?)ManifestRuns.Container(pod)["image"]);
    }

    [Fact]
    public void Tasks_are_made_as_the_publish_stage_is()
    {
        var run = ManifestRuns.Run("promote", "stages={publish: {template: {serviceAccountName: publisher}}}");

        Assert.Equal("publisher", (string?)ManifestRuns.Pod(run)["spec"]!["serviceAccountName"]);
    }

    [Fact]
    public void A_pod_without_resources_takes_the_operators()
    {
        var options = ManifestRuns.Options with
        {
            Resources = new() { Requests = new Dictionary<string, Contract.Spec.Quantity> { ["cpu"] = new("1") } },
        };
        var run = ManifestRuns.Run(StageNames.Corpus);

        var pod = PodManifest.Build(run, PodBuilder.Build(run, 0), options);

        Assert.Equal("1", (string?)ManifestRuns.Container(pod)["resources"]!["requests"]!["cpu"]);
    }

    [Fact]
    public void A_node_is_excluded_from_every_term_of_the_users_affinity()
    {
        var pod = ManifestRuns.Pod(Full, 0, p => p with { ExcludedNodes = ["bad"] });

        var terms = pod["spec"]!["affinity"]!["nodeAffinity"]![Required]!["nodeSelectorTerms"]!.AsArray();

        Assert.Equal(2, terms.Count);
        Assert.All(terms, t => Assert.Equal("bad", (string?)t!["matchFields"]![0]!["values"]![0]));
        Assert.All(terms, t => Assert.NotNull(t!["matchExpressions"]));
    }

    [Fact]
    public void A_node_is_excluded_where_the_user_has_no_affinity()
    {
        var pod = ManifestRuns.Pod(ManifestRuns.Run(), 0, p => p with { ExcludedNodes = ["bad"] });

        var terms = pod["spec"]!["affinity"]!["nodeAffinity"]![Required]!["nodeSelectorTerms"]!.AsArray();

        Assert.Equal("bad", (string?)Assert.Single(terms)!["matchFields"]![0]!["values"]![0]);
    }

    [Fact]
    public void The_runs_own_template_is_not_changed_by_building()
    {
        var before = Full.Spec.Workers.Template!.Affinity!.ToJsonString();

        ManifestRuns.Pod(Full, 0, p => p with { ExcludedNodes = ["bad"] });

        Assert.Equal(before, Full.Spec.Workers.Template.Affinity.ToJsonString());
    }

    [Fact]
    public void Rank_0_is_found_by_a_search_path_where_the_domain_is_unknown()
    {
        var pod = PodBuilder.Build(Full, 1);

        Assert.Equal("train-a3-0.small-pods.research.svc", PodAddress.Master(pod, ""));
        Assert.Equal("train-a3-0.small-pods.research.svc.example.org.", PodAddress.Master(pod, "example.org"));
    }

    [Fact]
    public void No_secret_stands_in_the_environment()
    {
        var sources = ManifestRuns.Container(ManifestRuns.Pod(Full))["env"]!
            .AsArray()
            .Select(v => v!["valueFrom"])
            .OfType<JsonObject>();

        Assert.All(sources, s => Assert.NotNull(s["fieldRef"]));
    }

    [Fact]
    public void What_the_operator_sets_is_refused_in_a_template()
    {
        var pod = ManifestRuns.Pod(Full, 0, p => p with { SkipSteps = 1, StartFrom = "b1/x" });
        var container = ManifestRuns.Container(pod);
        var template = Full.Spec.Workers.Template!;
        var taken = new JsonObject
        {
            ["env"] = Without(container["env"]!, "name", [.. template.Env]),
            ["volumes"] = Without(pod["spec"]!["volumes"]!, "name", [.. template.Volumes]),
            ["volumeMounts"] = Without(container["volumeMounts"]!, "mountPath", [.. template.VolumeMounts]),
        };

        var refused = Mistakes(taken).Select(m => m.Path.Split('.')[^2]).ToHashSet();

        foreach (var (list, items) in taken)
        {
            Assert.All(items!.AsArray().Index(), item => Assert.Contains($"{list}[{item.Index}]", refused));
        }

        foreach (var map in new[] { "labels", "annotations" })
        {
            var ours = pod["metadata"]![map]!
                .AsObject()
                .Select(p => p.Key)
                .Where(k => !k.StartsWith("app.kubernetes.io/") || k.EndsWith("managed-by"))
                .Where(k => k is not ("team" or "example.com/note"))
                .ToList();
            var json = new JsonObject(ours.Select(k => KeyValuePair.Create(k, (JsonNode?)"x")));
            Assert.Equal(ours.Count, Mistakes(new JsonObject { [map] = json }).Count);
        }
    }

    [Fact]
    public void Even_an_unchecked_template_does_not_replace_what_the_operator_sets()
    {
        var run = ManifestRuns.Run();
        var template = new Contract.Spec.PodTemplateSpec
        {
            Labels = new Dictionary<string, string> { ["codeparrot.dev/attempt"] = "9" },
            Annotations = new Dictionary<string, string> { ["codeparrot.dev/spec-hash"] = "9" },
            Env = [new JsonObject { ["name"] = "WORLD_SIZE", ["value"] = "9" }],
        };
        run = run with { Spec = run.Spec with { Workers = run.Spec.Workers with { Template = template } } };

        Assert.Equal(ManifestRuns.Pod(ManifestRuns.Run()).ToJsonString(), ManifestRuns.Pod(run).ToJsonString());
    }

    private static JsonArray Without(JsonNode list, string key, IReadOnlyList<JsonObject> theirs)
    {
        var names = theirs.Select(t => (string?)t[key]).ToHashSet();
        return new JsonArray([
            .. list.AsArray().Where(i => !names.Contains((string?)i![key])).Select(i => i!.DeepClone()),
        ]);
    }

    private static IReadOnlyList<SpecMistake> Mistakes(JsonObject template) =>
        Assert.Throws<ManifestException>(() => Runs.Small("workers.template=" + template.ToJsonString())).Mistakes;

    private static JsonObject Resources(TrainingRun run) =>
        ManifestRuns.Container(ManifestRuns.Pod(run))["resources"]!.AsObject();
}
