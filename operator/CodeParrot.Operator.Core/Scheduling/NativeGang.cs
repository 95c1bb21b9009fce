using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>
/// Kubernetes' own gangs (KEP-4671, feature gate <c>GenericWorkload</c>): a PodGroup that stands alone for the gang of
/// an attempt, which its pods name in their spec.
/// </summary>
public sealed class NativeGang : IGangScheduler
{
    /// <summary>Version of the groups since Kubernetes 1.37.</summary>
    public const string ApiVersion = "scheduling.k8s.io/v1beta1";

    /// <summary>Version in Kubernetes 1.36, gone in 1.37; what we say is the same in both.</summary>
    public const string OlderApiVersion = "scheduling.k8s.io/v1alpha2";

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Groups(TrainingRun run)
    {
        var group = ManifestHead.Of(run, ApiVersion, PodGroup.Kind, ObjectNames.Gang(run, run.Status.Attempt));
        var gang = new JsonObject { ["minCount"] = run.Status.Gang.Pods };
        group["spec"] = new JsonObject { ["schedulingPolicy"] = new JsonObject { ["gang"] = gang } };
        return [group];
    }

    /// <inheritdoc/>
    public void Decorate(JsonObject manifest, TrainingRun run, PodSpec pod, ManifestOptions options)
    {
        if (pod.Stage == StageNames.Train)
        {
            manifest["spec"]!["schedulingGroup"] = new JsonObject
            {
                ["podGroupName"] = ObjectNames.Gang(run, pod.Attempt),
            };
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<GroupReference> Release(TrainingRun run, int attempt) =>
        [
            .. new[] { ApiVersion, OlderApiVersion }.Select(version =>
                PodGroup.Of(version, run.Metadata.Namespace, ObjectNames.Gang(run, attempt))
            ),
        ];
}
