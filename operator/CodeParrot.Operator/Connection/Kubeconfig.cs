using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace CodeParrot.Operator.Connection;

/// <summary>
/// Finds where the API server is and who asks: in a kubeconfig, or by the pod's own account. KubernetesClient gives the
/// configuration its meaning; the file itself is read here, because its reader loads every type of the Kubernetes API,
/// which keeps 45 MB that nothing uses.
/// </summary>
internal static class Kubeconfig
{
    private const string FilesVariable = "KUBECONFIG";

    /// <summary>The configuration of this file.</summary>
    /// <param name="path">The file; empty for what kubectl would take, or the pod's own account.</param>
    /// <param name="environment">Value of a variable; null for none.</param>
    /// <exception cref="KubeConfigException">It makes no sense.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static KubernetesClientConfiguration Find(string path, Func<string, string?> environment)
    {
        if (path.Length > 0)
        {
            return Read(path);
        }

        if (environment(FilesVariable) is { Length: > 0 } files)
        {
            // Several files are merged, which the library does at the price of its memory.
            return files.Contains(Path.PathSeparator)
                ? KubernetesClientConfiguration.BuildDefaultConfig()
                : Read(files);
        }

        var home = Path.Combine(environment("HOME") ?? "", ".kube", "config");
        return File.Exists(home) ? Read(home) : KubernetesClientConfiguration.BuildDefaultConfig();
    }

    private static KubernetesClientConfiguration Read(string path)
    {
        K8SConfiguration? read;
        try
        {
            var reader = new DeserializerBuilder().IgnoreUnmatchedProperties().Build();
            read = reader.Deserialize<K8SConfiguration?>(File.ReadAllText(path));
        }
        catch (YamlException e)
        {
            throw new KubeConfigException($"{path} is no kubeconfig: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new KubeConfigException($"{path} may not be read: {e.Message}", e);
        }

        if (read is null)
        {
            throw new KubeConfigException($"{path} is empty");
        }

        // Paths of certificates are relative to the file.
        read.FileName = Path.GetFullPath(path);
        return KubernetesClientConfiguration.BuildConfigFromConfigObject(read);
    }
}
