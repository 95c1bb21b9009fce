using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>
/// The chart before a real API server, which is old: Kubernetes 1.20. It judges a budget as policy/v1beta1, whose
/// fields are those of policy/v1, and the Prometheus operator's objects by stand-ins of their definitions. An apply of
/// a field that it does not know it refuses.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ServerTests(ControlPlane plane)
{
    public static TheoryData<string> Names => ValuesTable.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_server_takes_every_object_whole(string name)
    {
        var space = await plane.NewNamespaceAsync();
        await DefineMonitorsAsync();
        var values = ValuesTable.Of(name) with { Namespace = space };
        var watched = (string)(await Helm.ValuesAsync(values))["watchNamespace"]!;
        if (watched.Length > 0)
        {
            values = values with { Set = [$"watchNamespace={space}"] };
        }

        foreach (var sent in (await RenderedChart.OfAsync(values)).Objects)
        {
            var answer = await ApplyAsync(sent);

            Assert.True(answer.Code is HttpStatusCode.OK or HttpStatusCode.Created, $"{sent}\n{answer.Body}");
        }
    }

    [Fact]
    public async Task A_misspelt_field_is_noticed()
    {
        var space = await plane.NewNamespaceAsync();
        await DefineMonitorsAsync();
        var values = ValuesTable.Of("monitoring") with { Namespace = space };
        var chart = await RenderedChart.OfAsync(values);
        var (deployment, monitor) = (chart.Deployment, chart.Single("PodMonitor"));
        chart.Container["readynessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["port"] = 1 } };
        monitor["spec"]!["podMetricsEndpoints"]![0]!["relabeling"] = new JsonArray(new JsonObject());

        foreach (var (sent, field) in new[] { (deployment, "readynessProbe"), (monitor, "relabeling") })
        {
            var answer = await ApplyAsync(sent);

            Assert.NotEqual(HttpStatusCode.OK, answer.Code);
            Assert.Contains($"{field}: field not declared", answer.Body.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_definition_is_ours_with_a_word_that_keeps_it()
    {
        var rendered = (await RenderedChart.OfAsync(new ChartValues())).Single("CustomResourceDefinition");
        var text = await File.ReadAllTextAsync(
            Path.Combine(Helm.Chart, "files", "trainingruns.codeparrot.dev.yaml"),
            TestContext.Current.CancellationToken
        );
        var ours = Assert.Single(await Helm.ReadAsync(text));

        Assert.Equal("keep", RenderedChart.Annotation(rendered, "helm.sh/resource-policy"));
        rendered["metadata"]!.AsObject().Remove("annotations");
        rendered["metadata"]!.AsObject().Remove("labels");
        Assert.True(JsonNode.DeepEquals(ours, rendered));
    }

    private Task<ApiAnswer> ApplyAsync(JsonObject sent)
    {
        if (RenderedChart.KindOf(sent) == "CustomResourceDefinition")
        {
            // Not as an apply, which this server would refuse for the rules.
            return plane.Api.PatchAsync($"{ServerSideApply.PathOf(sent)}?dryRun=All", sent);
        }

        if (RenderedChart.KindOf(sent) == "PodDisruptionBudget")
        {
            sent["apiVersion"] = "policy/v1beta1";
        }

        return DryRunAsync(sent);
    }

    // A pod is refused where its account is not there, or has no token yet.
    private async Task<ApiAnswer> DryRunAsync(JsonObject sent)
    {
        var server = new ServerSideApply(plane.Api);
        if (RenderedChart.KindOf(sent) == "ServiceAccount")
        {
            return await server.TryAsync(sent);
        }

        var answer = new ApiAnswer(HttpStatusCode.Unused, []);
        await Patience.UntilAsync(
            async () =>
            {
                answer = await server.TryAsync(sent, dryRun: true);
                return !answer.Body.ToJsonString().Contains("No API token found", StringComparison.Ordinal);
            },
            "an account has no token, two minutes later"
        );
        return answer;
    }

    private async Task DefineMonitorsAsync()
    {
        var file = Path.Combine(ValuesTable.Folder, "..", "monitoring-crds.yaml");
        var list = Assert.Single(
            await Helm.ReadAsync(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))
        );
        foreach (var item in list["items"]!.AsArray().Select(i => i!.AsObject()))
        {
            (await new ServerSideApply(plane.Api).TryAsync(item)).Expect(HttpStatusCode.OK, HttpStatusCode.Created);
            var plural = (string)item["spec"]!["names"]!["plural"]!;
            await Patience.UntilAsync(
                async () =>
                    (await plane.Api.GetAsync($"apis/monitoring.coreos.com/v1/{plural}")).Code == HttpStatusCode.OK,
                $"{plural} are not served, two minutes later"
            );
        }
    }
}
