using System.CommandLine;

namespace CodeParrot.Cli.Plugin;

/// <summary>Options that say which cluster and namespace, as kubectl has them.</summary>
internal static class ClusterOptions
{
    /// <summary>Namespace of runs.</summary>
    public static Option<string?> Namespace { get; } =
        new("--namespace", "-n") { Description = "Namespace; that of the context unless set", Recursive = true };

    /// <summary>All namespaces.</summary>
    public static Option<bool> AllNamespaces { get; } =
        new("--all-namespaces", "-A") { Description = "Runs of all namespaces", Recursive = true };

    /// <summary>The kubeconfig.</summary>
    public static Option<string?> Kubeconfig { get; } =
        new("--kubeconfig")
        {
            Description = "The kubeconfig; $KUBECONFIG or ~/.kube/config unless set",
            Recursive = true,
        };

    /// <summary>Context of the kubeconfig.</summary>
    public static Option<string?> Context { get; } =
        new("--context") { Description = "Context of the kubeconfig; the current one unless set", Recursive = true };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [Namespace, AllNamespaces, Kubeconfig, Context];

    /// <summary>The place that a command line names.</summary>
    /// <exception cref="UserMistakeException">It names none that there is.</exception>
    public static ClusterPlace Open(ParseResult result) =>
        ClusterPlace.Of(
            ClusterConnection.Of(
                result.GetValue(Kubeconfig),
                result.GetValue(Context),
                result.GetValue(Namespace),
                Environment.GetEnvironmentVariable
            ),
            result.GetValue(AllNamespaces),
            TimeProvider.System
        );
}
