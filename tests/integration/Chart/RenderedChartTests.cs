using System.Text.Json.Nodes;
using CodeParrot.Operator.Core.Tests.Manifests;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>What every set of values must come to.</summary>
public sealed class RenderedChartTests
{
    private static readonly string[] ClusterWide = ["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"];

    public static TheoryData<string> Names => ValuesTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pods_meet_the_restricted_profile_and_write_nowhere_else(string name)
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of(name));
        var makers = chart.Objects.Where(o => RenderedChart.KindOf(o) is "Deployment" or "Pod").ToList();

        Assert.NotEmpty(makers);
        foreach (var pod in makers.Select(RenderedChart.PodOf))
        {
            Assert.Empty(RestrictedProfile.Violations(pod));
            var container = Assert.Single(pod["spec"]!["containers"]!.AsArray())!;
            Assert.True((bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            Assert.False((bool)pod["spec"]!["enableServiceLinks"]!);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Roles_are_those_of_the_files_and_reach_no_secret(string name)
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of(name));
        var known = (await FileRulesAsync()).Select(r => r.ToJsonString()).ToHashSet();

        Assert.Empty(chart.Rules.Select(r => r.ToJsonString()).Except(known));
        foreach (var rule in chart.Objects.Where(o => o["rules"] is not null).SelectMany(RenderedChart.RulesOf))
        {
            var all = new[] { "apiGroups", "resources", "verbs" }.SelectMany(f => rule[f]!.AsArray());
            Assert.DoesNotContain(all, w => (string)w! == "*");
            if (rule["resources"]!.AsArray().Any(r => (string)r! == "secrets"))
            {
                Assert.Equal("create", (string)Assert.Single(rule["verbs"]!.AsArray())!);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Everything_has_its_place_and_the_release_s_labels(string name)
    {
        var values = ValuesTable.Of(name);
        var chart = await RenderedChart.OfAsync(values);
        var watched = (string)(await Helm.ValuesAsync(values))["watchNamespace"]!;

        Assert.All(
            chart.Objects,
            o =>
            {
                var space = RenderedChart.NamespaceOf(o);
                Assert.Equal(ClusterWide.Contains(RenderedChart.KindOf(o)), space is null);
                Assert.True(space is null or "codeparrot-system" || space == watched, space);
                Assert.Equal("codeparrot", (string)o["metadata"]!["labels"]!["app.kubernetes.io/instance"]!);
                Assert.Equal("Helm", (string)o["metadata"]!["labels"]!["app.kubernetes.io/managed-by"]!);
            }
        );
        Assert.Equal(
            chart.Objects.Count,
            chart
                .Objects.Select(o => (RenderedChart.KindOf(o), RenderedChart.NamespaceOf(o), RenderedChart.NameOf(o)))
                .Distinct()
                .Count()
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Nothing_selects_pods_of_runs_but_what_is_about_them(string name)
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of(name));
        var labels = RenderedChart.PodOf(chart.Deployment)["metadata"]!["labels"]!.AsObject();
        var selectors = new[]
        {
            chart.Deployment["spec"]!["selector"]!["matchLabels"]!,
            chart.Single("Service")["spec"]!["selector"]!,
        }
            .Concat(chart.OfKind("NetworkPolicy").Select(p => p["spec"]!["podSelector"]!["matchLabels"]!))
            .Concat(chart.OfKind("PodDisruptionBudget").Select(p => p["spec"]!["selector"]!["matchLabels"]!))
            .ToList();

        Assert.All(
            selectors,
            s => Assert.All(s.AsObject(), l => Assert.Equal((string)l.Value!, (string?)labels[l.Key]))
        );
        // A run's pods are of the application codeparrot.
        Assert.All(selectors, s => Assert.Equal("codeparrot-operator", (string)s["app.kubernetes.io/name"]!));
        Assert.All(
            chart.Tests.Where(o => RenderedChart.KindOf(o) == "Pod"),
            p => Assert.NotEqual("codeparrot-operator", (string)p["metadata"]!["labels"]!["app.kubernetes.io/name"]!)
        );
    }

    private static async Task<IEnumerable<JsonObject>> FileRulesAsync()
    {
        var all = new List<JsonObject>();
        foreach (var file in Directory.GetFiles(Path.Combine(Helm.Chart, "files"), "*-rules.yaml"))
        {
            var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
            var read = await Helm.ReadAsync("rules:\n" + text);
            all.AddRange(RenderedChart.RulesOf(read.Single()));
        }

        return all;
    }
}
