using CodeParrot.Integration.Tests.Chart;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests.Cluster;

/// <summary>
/// The chart, installed: by helm where that is on the PATH and the cluster is not ours, or by its stand-in.
/// </summary>
/// <param name="cluster">Where.</param>
/// <param name="space">The release's namespace.</param>
/// <param name="values">Values besides those of <c>tests/e2e/values.yaml</c>, as <c>a.b=c</c>.</param>
internal sealed class Release(TestCluster cluster, string space, params string[] values)
{
    private const string Name = "codeparrot";

    private static string ValuesFile { get; } = Path.Combine(Programs.Root, "tests", "e2e", "values.yaml");

    /// <summary>What stands in for helm; null where helm itself is used.</summary>
    public string? StandIn => cluster.Options.OwnNode || !HasHelm ? Helm.StandIn : null;

    /// <summary>The release's namespace.</summary>
    public string Namespace => space;

    /// <summary>Installs it, or installs it again, and waits until all operators are ready.</summary>
    public async Task InstallAsync()
    {
        await HelmAsync(["upgrade", Name, Helm.Chart, "--install", .. Values]);
        await cluster.KubectlAsync("-n", space, "rollout", "status", $"deployment/{Name}", "--timeout=10m");
    }

    /// <summary>Objects that it is made of, as YAML.</summary>
    public async Task<string> RenderAsync() => await HelmAsync(["template", Name, Helm.Chart, .. Values]);

    /// <summary>Runs the chart's own test.</summary>
    public Task<string> TestAsync() => HelmAsync(["test", Name]);

    /// <summary>Removes it.</summary>
    public Task UninstallAsync() => HelmAsync(["uninstall", Name]);

    private IEnumerable<string> Values
    {
        get
        {
            string[] all = [$"images.registry={cluster.Options.Registry}", .. values];
            return ["--values", ValuesFile, .. all.SelectMany(v => new[] { "--set", v })];
        }
    }

    private static bool HasHelm =>
        Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(f => File.Exists(Path.Combine(f, "helm")));

    private async Task<string> HelmAsync(IEnumerable<string> arguments)
    {
        string[] program = StandIn is { } script ? ["bash", script] : ["helm"];
        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [$"KUBECONFIG={cluster.Kubeconfig}", .. program, .. arguments, "--namespace", space],
            patience: TestCluster.Patience
        );
        Assert.True(result.ExitCode == 0, result.ToString());
        return result.Output;
    }
}
