namespace CodeParrot.Operator.ApiServer;

/// <summary>A type of objects that the API server keeps.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">Version, as in <c>v1</c>.</param>
/// <param name="Plural">Name in paths, as in <c>pods</c>.</param>
/// <param name="Kind">Kind, as in <c>Pod</c>.</param>
public sealed record ResourceType(string Group, string Version, string Plural, string Kind)
{
    /// <summary>TrainingRuns.</summary>
    public static ResourceType TrainingRuns { get; } = new("codeparrot.dev", "v1alpha1", "trainingruns", "TrainingRun");

    /// <summary>Pods.</summary>
    public static ResourceType Pods { get; } = new("", "v1", "pods", "Pod");

    /// <summary>ConfigMaps.</summary>
    public static ResourceType ConfigMaps { get; } = new("", "v1", "configmaps", "ConfigMap");

    /// <summary>Secrets.</summary>
    public static ResourceType Secrets { get; } = new("", "v1", "secrets", "Secret");

    /// <summary>Services.</summary>
    public static ResourceType Services { get; } = new("", "v1", "services", "Service");

    /// <summary>Nodes, cluster-wide.</summary>
    public static ResourceType Nodes { get; } = new("", "v1", "nodes", "Node");

    /// <summary>Events.</summary>
    public static ResourceType Events { get; } = new("events.k8s.io", "v1", "events", "Event");

    /// <summary>Leases.</summary>
    public static ResourceType Leases { get; } = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <summary>NetworkPolicies.</summary>
    public static ResourceType NetworkPolicies { get; } =
        new("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy");

    /// <summary>PodDisruptionBudgets.</summary>
    public static ResourceType PodDisruptionBudgets { get; } =
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget");

    /// <summary>Group and version, as <c>apiVersion</c> spells them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The type of this name.</summary>
    public static ResourceType Of(string apiVersion, string plural, string kind) =>
        apiVersion.Split('/') is [var group, var version]
            ? new ResourceType(group, version, plural, kind)
            : new ResourceType("", apiVersion, plural, kind);
}
