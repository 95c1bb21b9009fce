using System.Text.Json.Nodes;

namespace CodeParrot.Contract.Spec;

/// <summary>
/// What a user adds to a pod. Scalars and maps override by key, lists are appended; names that the operator sets are
/// refused. Kubernetes' own sub-objects are carried as they are.
/// </summary>
public sealed record PodTemplateSpec
{
    /// <summary>More labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>More annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Image in place of the operator's.</summary>
    public string Image { get; init; } = "";

    /// <summary>When a node fetches the image.</summary>
    public ImagePullPolicy? ImagePullPolicy { get; init; }

    /// <summary>Secrets that the image is fetched with, each by name.</summary>
    public IReadOnlyList<JsonObject> ImagePullSecrets { get; init; } = [];

    /// <summary>Service account, as for a cloud's workload identity; its token is not mounted.</summary>
    public string ServiceAccountName { get; init; } = "";

    /// <summary>Priority class.</summary>
    public string PriorityClassName { get; init; } = "";

    /// <summary>Runtime class.</summary>
    public string RuntimeClassName { get; init; } = "";

    /// <summary>Labels that a node must have.</summary>
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Kubernetes tolerations.</summary>
    public IReadOnlyList<JsonObject> Tolerations { get; init; } = [];

    /// <summary>Kubernetes affinity; nodes excluded by the run's failures stay excluded.</summary>
    public JsonObject? Affinity { get; init; }

    /// <summary>Kubernetes topology spread constraints.</summary>
    public IReadOnlyList<JsonObject> TopologySpreadConstraints { get; init; } = [];

    /// <summary>Kubernetes resource claims; the trainer's container gets all of them.</summary>
    public IReadOnlyList<JsonObject> ResourceClaims { get; init; } = [];

    /// <summary>Kubernetes volumes; names that begin with codeparrot- are the operator's.</summary>
    public IReadOnlyList<JsonObject> Volumes { get; init; } = [];

    /// <summary>
    /// Kubernetes volume mounts of the trainer's container; /codeparrot, /dev and /tmp are the operator's.
    /// </summary>
    public IReadOnlyList<JsonObject> VolumeMounts { get; init; } = [];

    /// <summary>
    /// Kubernetes environment variables of the trainer's container; they may refer to the operator's, as in
    /// $(CODEPARROT_NODE_NAME).
    /// </summary>
    public IReadOnlyList<JsonObject> Env { get; init; } = [];

    /// <summary>
    /// Kubernetes security context; each field goes to the pod's, or to the container's if only that has it.
    /// </summary>
    public JsonObject? SecurityContext { get; init; }
}
