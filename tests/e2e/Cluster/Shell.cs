using CodeParrot.Integration.Tests.Plugin;
using CodeParrot.Integration.Tests.Runs;

namespace CodeParrot.EndToEnd.Tests.Cluster;

/// <summary>
/// A person at a terminal in the checkout: kubectl looks at a namespace of the cluster, helm is there, and the README's
/// variables name the cluster's registry and store.
/// </summary>
internal sealed class Shell : IDisposable
{
    private readonly TestCluster _cluster;
    private readonly string _folder = Directory.CreateTempSubdirectory("codeparrot-shell-").FullName;

    private Shell(TestCluster cluster) => _cluster = cluster;

    private string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    /// <summary>Opens one.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="space">Namespace of commands that name none.</param>
    public static async Task<Shell> OpenAsync(TestCluster cluster, string space)
    {
        var shell = new Shell(cluster);
        File.Copy(cluster.Kubeconfig, shell.Kubeconfig);
        if (cluster.Release.StandIn is { } helm)
        {
            File.CreateSymbolicLink(Path.Combine(shell._folder, "helm"), helm);
        }

        await shell.TypeAsync($"kubectl config set-context --current --namespace={space}");
        return shell;
    }

    /// <summary>Runs commands, each of which must succeed; what they print.</summary>
    public async Task<string> TypeAsync(string commands)
    {
        var result = await Programs.RunAsync(
            "/usr/bin/env",
            [
                $"PATH={_folder}:{KubectlPlugin.Folder}:{Environment.GetEnvironmentVariable("PATH")}",
                $"KUBECONFIG={Kubeconfig}",
                $"REGISTRY={_cluster.Options.Registry}",
                $"BUCKET={_cluster.Bucket}",
                $"S3_ENDPOINT={_cluster.StoreEndpoint}",
                $"AWS_ACCESS_KEY_ID={_cluster.Store.AccessKey}",
                $"AWS_SECRET_ACCESS_KEY={_cluster.Store.SecretKey}",
                "bash",
                "-euo",
                "pipefail",
                "-c",
                commands,
            ],
            folder: Programs.Root,
            patience: TestCluster.Patience
        );
        Assert.True(result.ExitCode == 0, $"{commands}\n{result}");
        return result.Output;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
