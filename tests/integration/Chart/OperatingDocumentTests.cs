using System.Text.Json.Nodes;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Readme;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.Integration.Tests.Chart;

/// <summary>
/// What the documents tell operators to type is typed, in its order, before a control plane of its own. For helm stands
/// what tests/cluster has: helm itself refuses a server of that age. kubectl is told not to check fields itself, which
/// such a server knows less of than the chart; nothing is waited for that a kubelet would bring about, and the pod of
/// <c>helm test</c> just succeeds. `make e2e` types the README's part where all of that is real.
/// </summary>
public sealed class OperatingDocumentTests : IAsyncLifetime
{
    private readonly ControlPlane _plane = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-operating-").FullName;

    private static string Operating { get; } = DocumentBlocks.Read("docs/operating.md");

    public async ValueTask InitializeAsync()
    {
        await Helm.RendererAsync();
        await _plane.InitializeAsync();
        foreach (var part in new[] { "charts", "crds" })
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder, part), Path.Combine(Programs.Root, part));
        }

        var bin = Directory.CreateDirectory(Path.Combine(_folder, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "helm"), Helm.StandIn);
        var kubectl = Path.Combine(bin, "kubectl");
        await File.WriteAllTextAsync(
            kubectl,
            """
            #!/bin/bash
            real=$(PATH=${PATH#*:} command -v kubectl)
            for word; do
              case $word in
                apply) exec "$real" "$@" --validate=false ;;
                wait | rollout) exit ;;
              esac
            done
            exec "$real" "$@"
            """
        );
        Assert.Equal(0, (await Programs.RunAsync("chmod", ["+x", kubectl])).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _plane.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_commands_for_operators_work_one_after_the_other()
    {
        Release.RequireKubectl();
        _plane.Require();
        // The others are parts of manifests.
        var values = Assert.Single(
            DocumentBlocks.Of(Operating, "yaml"),
            block => !block.StartsWith("spec:", StringComparison.Ordinal)
        );
        await File.WriteAllTextAsync(Path.Combine(_folder, "values.yaml"), values);
        Assert.Empty(
            ValuesSchema.Mistakes(
                await Helm.ValuesAsync(new ChartValues { File = Path.Combine(_folder, "values.yaml") })
            )
        );
        using var end = new CancellationTokenSource();
        var playing = SucceedAsync("api/v1/namespaces/codeparrot-system/pods/codeparrot-test", end.Token);

        var cluster = DocumentBlocks.Section(DocumentBlocks.Read("README.md"), "In a cluster");
        var own = string.Concat(DocumentBlocks.Of(cluster, "bash"));
        foreach (var commands in DocumentBlocks.Of(cluster, "sh"))
        {
            await TypeAsync(own + commands);
        }

        // The release of the one is in the way of the other's; the run stays.
        await TypeAsync("helm uninstall codeparrot --namespace codeparrot-system");
        string[] pages = [DocumentBlocks.Read("docs/failures.md"), DocumentBlocks.Read("docs/stores.md"), Operating];
        foreach (var commands in pages.SelectMany(p => DocumentBlocks.Of(p, "sh")))
        {
            await TypeAsync(commands);
        }

        await end.CancelAsync();
        await playing;
        var left = await _plane.Api.GetAsync("apis/apps/v1/deployments");
        Assert.Empty(left.Body["items"]!.AsArray());
        await _plane.Api.WaitForAbsenceAsync(
            "apis/apiextensions.k8s.io/v1/customresourcedefinitions/trainingruns.codeparrot.dev"
        );
    }

    private async Task TypeAsync(string commands)
    {
        var path = $"{Path.Combine(_folder, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [$"PATH={path}", $"KUBECONFIG={_plane.AdminKubeconfig}", "bash", "-euxc", commands],
            folder: _folder
        );
        Assert.True(result.ExitCode == 0, $"{commands}\n{result}");
    }

    // As a kubelet would end it.
    private async Task SucceedAsync(string pod, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            if ((await _plane.Api.GetAsync(pod)).Code == System.Net.HttpStatusCode.OK)
            {
                var status = JsonNode.Parse("""{ "status": { "phase": "Succeeded" } }""")!;
                await _plane.Api.PatchAsync($"{pod}/status", status);
            }

            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(200), end));
        }
    }
}
