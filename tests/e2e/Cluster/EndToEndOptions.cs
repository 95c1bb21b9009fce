namespace CodeParrot.EndToEnd.Tests.Cluster;

/// <summary>What <c>make e2e</c> says, by environment variables.</summary>
/// <param name="Kubeconfig">Of a cluster that is there; empty for a node of our own.</param>
/// <param name="Registry">Where nodes have images from: <c>images.registry</c> of the chart.</param>
/// <param name="Archives">Folder of the images' archives for our own node.</param>
/// <param name="Results">Folder for logs of the cluster, read by people after a failure.</param>
public sealed record EndToEndOptions(string Kubeconfig, string Registry, string Archives, string Results)
{
    /// <summary>True where the cluster is a node of our own, on this machine.</summary>
    public bool OwnNode => Kubeconfig.Length == 0;

    /// <summary>Reads them.</summary>
    public static EndToEndOptions Read() =>
        new(
            Variable("KUBECONFIG", ""),
            Variable("REGISTRY", "localhost"),
            Variable("ARCHIVES", "artifacts/images"),
            Variable("RESULTS", "artifacts/e2e")
        );

    private static string Variable(string name, string otherwise) =>
        Environment.GetEnvironmentVariable($"CODEPARROT_E2E_{name}") is { Length: > 0 } value ? value : otherwise;
}
