using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace CodeParrot.Cli.Plugin;

/// <summary>Which API server, as whom, and in which namespace.</summary>
/// <param name="Client">The client; whoever gets this disposes of it.</param>
/// <param name="Server">Address of the server.</param>
/// <param name="Namespace">Namespace of the command line, else of the context, else <c>default</c>.</param>
/// <param name="NamespaceIsGiven">True where the command line names it.</param>
internal sealed record ClusterConnection(IKubernetes Client, string Server, string Namespace, bool NamespaceIsGiven)
    : IDisposable
{
    private const string FilesVariable = "KUBECONFIG";
    private const string UnsetNamespace = "default";

    /// <summary>Reads what kubectl would read.</summary>
    /// <param name="file">The kubeconfig; null for that of the environment.</param>
    /// <param name="context">The context; null for the current one.</param>
    /// <param name="space">The namespace; null for that of the context.</param>
    /// <param name="environment">Value of a variable; null for none.</param>
    /// <exception cref="UserMistakeException">There is no kubeconfig, or it makes no sense.</exception>
    public static ClusterConnection Of(string? file, string? context, string? space, Func<string, string?> environment)
    {
        var configuration = Configuration(file, context, environment);
        var named = configuration.Namespace is { Length: > 0 } of ? of : UnsetNamespace;
        return new ClusterConnection(
            new Kubernetes(configuration),
            configuration.Host,
            space ?? named,
            space is not null
        );
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private static KubernetesClientConfiguration Configuration(
        string? file,
        string? context,
        Func<string, string?> environment
    )
    {
        var files = Files(file, environment);
        try
        {
            if (files.Length == 0 && KubernetesClientConfiguration.IsInCluster())
            {
                return KubernetesClientConfiguration.InClusterConfig();
            }

            var present = files.Where(File.Exists).Select(f => new FileInfo(f)).ToArray();
            return present.Length == 0
                ? throw new UserMistakeException(
                    files.Length == 0
                        ? $"no kubeconfig: let ${FilesVariable} or --kubeconfig name one"
                        : $"no kubeconfig at {string.Join(", ", files)}"
                )
                : KubernetesClientConfiguration.BuildConfigFromConfigObject(Merged(present), context);
        }
        catch (KubeConfigException e)
        {
            throw new UserMistakeException($"the kubeconfig {string.Join(", ", files)} cannot be used: {e.Message}");
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw new UserMistakeException($"{string.Join(", ", files)} is no kubeconfig: {e.Message}");
        }
    }

    // As kubectl has it: what an earlier file says wins.
    private static K8SConfiguration Merged(FileInfo[] files)
    {
        var all = files.Select(f => KubernetesClientConfiguration.LoadKubeConfig(f)).ToList();
        var first = all[0];
        first.CurrentContext = all.Select(c => c.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c));
        first.Contexts = [.. all.SelectMany(c => c.Contexts ?? []).DistinctBy(c => c.Name)];
        first.Clusters = [.. all.SelectMany(c => c.Clusters ?? []).DistinctBy(c => c.Name)];
        first.Users = [.. all.SelectMany(c => c.Users ?? []).DistinctBy(c => c.Name)];
        return first;
    }

    private static string[] Files(string? file, Func<string, string?> environment)
    {
        if (file is not null)
        {
            return [file];
        }

        if (environment(FilesVariable) is { Length: > 0 } named)
        {
            return named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        }

        var home = Path.Combine(environment("HOME") ?? "", ".kube", "config");
        return File.Exists(home) ? [home] : [];
    }
}
