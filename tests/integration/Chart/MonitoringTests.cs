using System.Text.Json.Nodes;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>What the chart tells Prometheus and Grafana.</summary>
public sealed class MonitoringTests
{
    private static readonly ChartValues Monitoring = ValuesTable.Of("monitoring");

    [Fact]
    public async Task The_rules_are_the_tested_ones_and_Prometheus_takes_them()
    {
        var chart = await RenderedChart.OfAsync(Monitoring);
        var text = await File.ReadAllTextAsync(
            Path.Combine(Helm.Chart, "alerts", "codeparrot.rules.yaml"),
            TestContext.Current.CancellationToken
        );
        var spec = chart.Single("PrometheusRule")["spec"]!;
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "rendered.yaml");
        await File.WriteAllTextAsync(file, spec.ToJsonString(), TestContext.Current.CancellationToken);

        var result = await PromTool.RunAsync([file], "check", "rules", "rendered.yaml");

        folder.Delete(recursive: true);
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(JsonNode.DeepEquals(Assert.Single(await Helm.ReadAsync(text)), spec));
    }

    [Fact]
    public async Task The_dashboard_is_the_tested_one()
    {
        var map = (await RenderedChart.OfAsync(Monitoring)).Single("ConfigMap");
        var text = await File.ReadAllTextAsync(
            Path.Combine(Helm.Chart, "dashboards", "codeparrot.json"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal("1", (string)map["metadata"]!["labels"]!["grafana_dashboard"]!);
        Assert.Equal(text, (string)map["data"]!["codeparrot.json"]!);
    }

    [Fact]
    public async Task Runs_are_scraped_by_name_and_namespace_and_gauges_keep_theirs()
    {
        var chart = await RenderedChart.OfAsync(Monitoring);
        var pods = chart.Single("PodMonitor")["spec"]!;
        var service = chart.Single("ServiceMonitor");

        var endpoint = Assert.Single(pods["podMetricsEndpoints"]!.AsArray())!;
        var relabelled = endpoint["relabelings"]!
            .AsArray()
            .ToDictionary(r => (string)r!["targetLabel"]!, r => (string)r!["sourceLabels"]![0]!);
        Assert.Equal("__meta_kubernetes_pod_label_codeparrot_dev_run", relabelled["run"]);
        Assert.Equal("__meta_kubernetes_namespace", relabelled["namespace"]);
        Assert.Equal("metrics", (string)endpoint["port"]!);
        Assert.True((bool)pods["namespaceSelector"]!["any"]!);
        Assert.True((bool)service["spec"]!["endpoints"]![0]!["honorLabels"]!);
        Assert.All(
            [service, chart.Single("PodMonitor"), chart.Single("PrometheusRule")],
            o => Assert.Equal("prometheus", (string)o["metadata"]!["labels"]!["release"]!)
        );
        Assert.Equal(
            (string)chart.Single("Service")["spec"]!["ports"]![0]!["name"]!,
            (string)service["spec"]!["endpoints"]![0]!["port"]!
        );
    }

    [Fact]
    public async Task Whoever_scrapes_is_let_in_by_both_policies_alike()
    {
        var chart = await RenderedChart.OfAsync(Monitoring);
        var peers = chart.Single("NetworkPolicy")["spec"]!["ingress"]!.AsArray()[1]!["from"]!.AsArray();

        Assert.Contains(
            "--metrics-peers=monitoring:app.kubernetes.io/name=prometheus,tier=1;*:scrapes=everything;observability",
            chart.Arguments
        );
        // The first is the release's own namespace.
        Assert.Equal(4, peers.Count);
        Assert.Equal(
            """{"matchLabels":{"kubernetes.io/metadata.name":"monitoring"}}""",
            peers[1]!["namespaceSelector"]!.ToJsonString()
        );
        Assert.Equal("{}", peers[2]!["namespaceSelector"]!.ToJsonString());
        Assert.Null(peers[3]!["podSelector"]);
    }
}
