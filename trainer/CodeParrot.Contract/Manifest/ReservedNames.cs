using CodeParrot.Contract.Runtime;

namespace CodeParrot.Contract.Manifest;

/// <summary>Names in a pod that the operator sets, and that a template therefore must leave alone.</summary>
public static class ReservedNames
{
    /// <summary>Environment variables that begin with this.</summary>
    public const string EnvironmentPrefix = "CODEPARROT_";

    /// <summary>Labels and annotations that begin with this.</summary>
    public const string MetadataPrefix = "codeparrot.dev/";

    /// <summary>Volumes that begin with this.</summary>
    public const string VolumePrefix = "codeparrot-";

    /// <summary>Paths that no user mounts at: a regular expression that RE2 and .NET both read.</summary>
    public const string MountPaths = "^/*((codeparrot|dev)(/.*)?|tmp/*)?$";

    /// <summary>More environment variables.</summary>
    public static IReadOnlyList<string> Environment { get; } =
    [
        EnvironmentNames.MasterAddress,
        EnvironmentNames.MasterPort,
        EnvironmentNames.Rank,
        EnvironmentNames.WorldSize,
        EnvironmentNames.LocalRank,
        EnvironmentNames.LocalWorldSize,
        EnvironmentNames.Threads,
        EnvironmentNames.Home,
    ];

    /// <summary>More labels and annotations: of gang schedulers, by which they know the pods of a gang.</summary>
    public static IReadOnlyList<string> Metadata { get; } =
    [
        "app.kubernetes.io/managed-by",
        "kueue.x-k8s.io/queue-name",
        "kueue.x-k8s.io/pod-group-name",
        "kueue.x-k8s.io/pod-group-total-count",
        "kueue.x-k8s.io/pod-group-pod-index",
        "kueue.x-k8s.io/retriable-in-group",
        "scheduling.k8s.io/group-name",
        "scheduling.volcano.sh/group-name",
        "scheduling.volcano.sh/queue-name",
        "scheduling.x-k8s.io/pod-group",
    ];
}
