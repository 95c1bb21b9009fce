using System.Text.Json.Nodes;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>
/// Security contexts that meet Pod Security's <c>restricted</c>, with the user's fields over them. A user who lowers
/// them needs a namespace that allows it.
/// </summary>
internal static class PodSecurity
{
    // The fields that only a container's context has; all others act for the pod as a whole.
    private static readonly string[] ContainerFields =
    [
        "allowPrivilegeEscalation",
        "capabilities",
        "privileged",
        "procMount",
        "readOnlyRootFilesystem",
    ];

    public static JsonObject OfPod(PodTemplateSpec template, ManifestOptions options)
    {
        var context = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = options.UserId,
            ["runAsGroup"] = options.UserId,
            // Mounted secrets belong to this group, and are readable by nobody else.
            ["fsGroup"] = options.UserId,
            // A user's volume may hold millions of files, and has been walked through once.
            ["fsGroupChangePolicy"] = "OnRootMismatch",
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        };
        context.Merge(Fields(template, ofContainer: false));
        return context;
    }

    public static JsonObject OfContainer(PodTemplateSpec template)
    {
        var context = new JsonObject
        {
            ["allowPrivilegeEscalation"] = false,
            ["readOnlyRootFilesystem"] = true,
            ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
        };
        context.Merge(Fields(template, ofContainer: true));
        return context;
    }

    private static JsonObject Fields(PodTemplateSpec template, bool ofContainer) =>
        new(
            (template.SecurityContext ?? [])
                .Where(f => ContainerFields.Contains(f.Key) == ofContainer)
                .Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))
        );
}
