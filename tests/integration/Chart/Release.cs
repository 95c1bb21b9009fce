using System.Text.Json.Nodes;
using CodeParrot.Distributed.Tests;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>
/// The chart as it is installed in a real API server, by what stands in for helm: helm itself refuses a server of that
/// age, as the chart wants it to.
/// </summary>
internal sealed class Release
{
    private const string Name = "codeparrot";

    private readonly ControlPlane _plane;
    private readonly ChartValues _values;

    private Release(ControlPlane plane, ChartValues values) => (_plane, _values) = (plane, values);

    /// <summary>The release's namespace.</summary>
    public string Namespace => _values.Namespace;

    /// <summary>The chart as it is installed.</summary>
    public required RenderedChart Chart { get; init; }

    /// <summary>
    /// Installs it, with ports of the scene's, in a namespace of its own, where earlier tests left nothing.
    /// </summary>
    public static async Task<Release> InstallAsync(ControlPlane plane, Scene scene, params string[] set)
    {
        plane.Require();
        RequireKubectl();
        await plane.ClearAsync();
        var space = await plane.NewNamespaceAsync();
        var values = new ChartValues
        {
            Namespace = space,
            Set =
            [
                $"metrics.port={FreePort.Draw()}",
                $"operator.healthPort={FreePort.Draw()}",
                "operator.progressInterval=200ms",
                $"trainers.httpPort={scene.PodPort}",
                .. set.Select(s => s.Replace("SPACE", space, StringComparison.Ordinal)),
            ],
        };
        var release = new Release(plane, values) { Chart = await RenderedChart.OfAsync(values) };
        await release.HelmAsync(["install", .. values.Arguments]);
        return release;
    }

    /// <summary>Installs it again with more values.</summary>
    public Task UpgradeAsync(params string[] set) =>
        HelmAsync(["upgrade", .. (_values with { Set = [.. _values.Set, .. set] }).Arguments]);

    /// <summary>Removes it.</summary>
    public Task UninstallAsync() => HelmAsync(["uninstall", Name, "--namespace", Namespace]);

    /// <summary>Takes a right away from the operator, as a chart would that forgot it.</summary>
    public async Task ForbidAsync(string resource, string verb)
    {
        var role = Chart
            .Installed.Where(o => RenderedChart.KindOf(o).EndsWith("Role", StringComparison.Ordinal))
            .Single(role => RenderedChart.RulesOf(role).Any(rule => Names(rule, resource)));
        foreach (var rule in RenderedChart.RulesOf(role).Where(rule => Names(rule, resource)))
        {
            var verbs = rule["verbs"]!.AsArray();
            Assert.True(verbs.Remove(verbs.Single(v => (string?)v == verb)));
        }

        (await new ServerSideApply(_plane.Api).TryAsync(role)).Expect(System.Net.HttpStatusCode.OK);
    }

    /// <summary>Trains the chart's test run; ends when the test's pod does.</summary>
    public Task TestAsync() => HelmAsync(["test", Name, "--namespace", Namespace]);

    /// <summary>Starts the operator as the Deployment says, under the account that the chart made.</summary>
    public async Task<OperatorProcess> StartOperatorAsync()
    {
        var pod = RenderedChart.PodOf(Chart.Deployment)["spec"]!;
        var account = (string)pod["serviceAccountName"]!;
        var ports = Chart.Container["ports"]!
            .AsArray()
            .ToDictionary(p => $"{p!["name"]}", p => (int)p!["containerPort"]!);
        var @operator = OperatorProcess.StartContainer(
            await _plane.ServiceAccountKubeconfigAsync(Namespace, account),
            Chart.Arguments,
            VariablesOf(Chart.Container),
            ports["health"],
            ports["metrics"]
        );
        await @operator.UntilReadyAsync();
        return @operator;
    }

    /// <summary>Whether an object of the chart is there.</summary>
    public async Task<bool> HasAsync(JsonObject o) =>
        (await _plane.Api.GetAsync(ServerSideApply.PathOf(o))).Code == System.Net.HttpStatusCode.OK;

    /// <summary>A container's variables.</summary>
    public static IEnumerable<KeyValuePair<string, string>> VariablesOf(JsonObject container) =>
        container["env"]!.AsArray().Select(v => KeyValuePair.Create($"{v!["name"]}", $"{v["value"]}"));

    private static bool Names(JsonObject rule, string resource) =>
        rule["resources"]!.AsArray().Any(r => (string?)r == resource);

    private async Task HelmAsync(IEnumerable<string> arguments)
    {
        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [$"KUBECONFIG={_plane.AdminKubeconfig}", "bash", Helm.StandIn, .. arguments]
        );
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    /// <summary>Skips the test, or fails it in CI, where there is no kubectl.</summary>
    public static void RequireKubectl()
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "kubectl"))))
        {
            const string Complaint = "kubectl is missing: run make test";
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", Complaint);
            Assert.Skip(Complaint);
        }
    }
}
