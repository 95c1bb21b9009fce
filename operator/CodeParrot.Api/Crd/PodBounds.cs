using static CodeParrot.Api.Crd.FieldBounds;

namespace CodeParrot.Api.Crd;

/// <summary>Bounds of the parts of the spec that describe pods: at the workers, and at every stage.</summary>
internal static class PodBounds
{
    private const int NameLength = 253;

    // Kubernetes bounds annotations by their sum, which no schema can.
    private const int AnnotationLength = 16384;
    private const int ImageLength = 1024;

    // Keys of one sub-object of Kubernetes'; the largest today is a volume of about thirty.
    private static readonly FieldBounds Raw = Entries(64);

    /// <summary>The bounds by path.</summary>
    public static IEnumerable<KeyValuePair<string, FieldBounds>> Below(string path) =>
        All.Select(b => KeyValuePair.Create($"{path}.{b.Path}", b.Bounds));

    private static IEnumerable<(string Path, FieldBounds Bounds)> All =>
        [
            ("resources.limits", Entries(16)),
            ("resources.requests", Entries(16)),
            ("template.labels", Entries(32)),
            ("template.labels.*", Text(63)),
            ("template.annotations", Entries(32)),
            ("template.annotations.*", Text(AnnotationLength)),
            ("template.image", Text(ImageLength)),
            .. List("imagePullSecrets", 16, "name"),
            ("template.serviceAccountName", Text(NameLength)),
            ("template.priorityClassName", Text(NameLength)),
            ("template.runtimeClassName", Text(NameLength)),
            ("template.nodeSelector", Entries(32)),
            ("template.nodeSelector.*", Text(63)),
            .. List("tolerations", 32),
            ("template.affinity", Raw),
            .. List("topologySpreadConstraints", 16),
            .. List("resourceClaims", 16, "name"),
            .. List("volumes", 32, "name"),
            .. List("volumeMounts", 32, "mountPath"),
            .. List("env", 64, "name"),
            ("template.securityContext", Raw),
        ];

    private static IEnumerable<(string Path, FieldBounds Bounds)> List(string name, int most, string? key = null) =>
        [($"template.{name}", Items(most) with { ListKey = key }), ($"template.{name}[]", Raw)];
}
