namespace CodeParrot.Integration.Tests.Chart;

/// <summary>What single values come to.</summary>
public sealed class ValueEffectTests
{
    [Fact]
    public async Task By_default_two_operators_elect_a_leader_and_survive_a_drain()
    {
        var chart = await RenderedChart.OfAsync(new ChartValues());
        var pod = RenderedChart.PodOf(chart.Deployment)["spec"]!;

        Assert.Equal(2, (int)chart.Deployment["spec"]!["replicas"]!);
        Assert.Contains("--leader-elect=true", chart.Arguments);
        Assert.Contains("--image=codeparrot/trainer:0.1.0", chart.Arguments);
        Assert.DoesNotContain(chart.Arguments, a => a.StartsWith("--namespace", StringComparison.Ordinal));
        Assert.Equal(1, (int)chart.Single("PodDisruptionBudget")["spec"]!["maxUnavailable"]!);
        Assert.Equal(65532, (int)pod["securityContext"]!["runAsUser"]!);
        Assert.Equal(
            ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
            pod["topologySpreadConstraints"]!.AsArray().Select(c => (string)c!["topologyKey"]!)
        );
        Assert.Equal(
            ["/healthz", "/healthz", "/readyz"],
            new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(p =>
                (string)chart.Container[p]!["httpGet"]!["path"]!
            )
        );
        Assert.Empty(chart.Tests);
        Assert.All(
            new[] { "ServiceMonitor", "PodMonitor", "PrometheusRule", "ConfigMap" },
            k => Assert.Empty(chart.OfKind(k))
        );
    }

    [Fact]
    public async Task One_namespace_needs_nothing_of_the_cluster()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("namespaced"));

        Assert.All(chart.Objects, o => Assert.NotNull(RenderedChart.NamespaceOf(o)));
        Assert.Contains("--namespace=codeparrot-system", chart.Arguments);
        Assert.DoesNotContain(chart.Rules, r => r.ToJsonString().Contains("nodes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_namespace_gets_a_role_and_nothing_but_nodes_is_read_outside()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("other-namespace"));
        var roles = chart.Installed.Where(o => RenderedChart.KindOf(o) == "Role").ToList();

        Assert.Equal(["codeparrot-system", "research"], roles.Select(RenderedChart.NamespaceOf).Order());
        var bound = Assert.Single(chart.OfKind("ClusterRoleBinding"))["roleRef"]!["name"]!;
        var nodes = chart.OfKind("ClusterRole").Single(r => RenderedChart.NameOf(r) == (string)bound!);
        Assert.Equal("""["nodes"]""", Assert.Single(RenderedChart.RulesOf(nodes))["resources"]!.ToJsonString());
        string[] gangs = ["kueue.x-k8s.io", "scheduling.k8s.io", "scheduling.volcano.sh", "scheduling.x-k8s.io"];
        var named = chart.Rules.SelectMany(r => r["apiGroups"]!.AsArray()).Select(g => (string)g!);
        Assert.Equal(gangs, named.Intersect(gangs).Order(StringComparer.Ordinal));
        Assert.All(chart.Tests, o => Assert.Equal("research", RenderedChart.NamespaceOf(o)));
    }

    [Fact]
    public async Task Images_come_from_the_mirror()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("air-gapped"));
        var digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

        Assert.Equal(
            "registry.example.com:5000/mirror/codeparrot/operator:1.2.3-site.4",
            (string)chart.Container["image"]!
        );
        Assert.Contains($"--image=registry.example.com:5000/mirror/ml/trainer@sha256:{digest}", chart.Arguments);
        Assert.Contains("--image-pull-policy=Always", chart.Arguments);
        Assert.Equal(
            """[{"name":"registry"},{"name":"other"}]""",
            RenderedChart.PodOf(chart.Deployment)["spec"]!["imagePullSecrets"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Without_GPUs_pods_take_the_other_image_and_these_resources()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("cpu"));

        Assert.Contains("--image=codeparrot/trainer-cpu:0.1.0", chart.Arguments);
        Assert.Contains("--pod-requests=cpu=2,memory=4Gi", chart.Arguments);
        Assert.Contains("--pod-limits=memory=4Gi", chart.Arguments);
    }

    [Fact]
    public async Task The_operator_goes_where_it_is_sent()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("gpu"));
        var pod = RenderedChart.PodOf(chart.Deployment);

        Assert.Equal("system-cluster-critical", (string)pod["spec"]!["priorityClassName"]!);
        Assert.NotNull(pod["spec"]!["affinity"]!["nodeAffinity"]);
        Assert.Equal("NoSchedule", (string)pod["spec"]!["tolerations"]![0]!["effect"]!);
        Assert.Null(pod["spec"]!["securityContext"]!["runAsUser"]);
        Assert.Equal("research", (string)pod["metadata"]!["labels"]!["team"]!);
        Assert.Equal("true", (string)pod["metadata"]!["annotations"]!["example.com/checked"]!);
        Assert.Contains(chart.Container["env"]!.AsArray(), v => (string)v!["name"]! == "HTTPS_PROXY");
        Assert.Equal(
            """{"limits":{"nvidia.com/gpu":1}}""",
            chart.Single("TrainingRun")["spec"]!["workers"]!["resources"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Pods_of_runs_get_their_user_their_ports_and_whole_names()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("gpu"));
        var unknown = await RenderedChart.OfAsync(ValuesTable.Of("bare"));

        string[] expected =
        [
            "--user-id=1000830000",
            "--master-port=29400",
            "--http-port=9401",
            "--cluster-domain=lab.example.org",
            "--coscheduler=gangs",
        ];
        Assert.All(expected, argument => Assert.Contains(argument, chart.Arguments));
        var toPods = chart.Single("NetworkPolicy")["spec"]!["egress"]!.AsArray()[1]!["ports"]!;
        Assert.Equal(9401, (int)toPods[0]!["port"]!);
        Assert.DoesNotContain(unknown.Arguments, a => a.StartsWith("--cluster-domain", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_test_s_pods_have_the_account_that_may_use_the_store()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("gpu"));
        var without = await RenderedChart.OfAsync(ValuesTable.Of("cpu"));

        var spec = chart.Single("TrainingRun")["spec"]!;
        var templates = spec["stages"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!["template"]!);
        templates["train"] = spec["workers"]!["template"]!;
        Assert.Equal(["corpus", "evaluate", "publish", "tokenizer", "train"], templates.Keys.Order());
        Assert.All(templates.Values, t => Assert.Equal("trainer", (string)t["serviceAccountName"]!));
        Assert.NotNull(templates["corpus"]["volumes"]);
        Assert.DoesNotContain("serviceAccountName", without.Single("TrainingRun").ToJsonString());
    }

    [Fact]
    public async Task What_others_bring_is_left_to_them()
    {
        var chart = await RenderedChart.OfAsync(ValuesTable.Of("bare"));

        Assert.Equal(
            ["CustomResourceDefinition", "Deployment", "Service"],
            chart.Objects.Select(RenderedChart.KindOf).Order()
        );
        Assert.Equal("trainer-operator", RenderedChart.NameOf(chart.Deployment));
        Assert.Equal("existing", (string)RenderedChart.PodOf(chart.Deployment)["spec"]!["serviceAccountName"]!);
        Assert.Contains("--qps=12.5", chart.Arguments);
        Assert.All(chart.Objects, o => Assert.Equal("42", (string)o["metadata"]!["labels"]!["cost-center"]!));
    }
}
