using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>
/// The coscheduling plugin of scheduler-plugins: a PodGroup for the gang of an attempt, which its pods name by a label.
/// </summary>
internal sealed class CoschedulingGang : IGangScheduler
{
    private const string ApiVersion = "scheduling.x-k8s.io/v1alpha1";
    private const string GroupLabel = "scheduling.x-k8s.io/pod-group";

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Groups(TrainingRun run)
    {
        var group = ManifestHead.Of(run, ApiVersion, PodGroup.Kind, ObjectNames.Gang(run, run.Status.Attempt));
        group["spec"] = new JsonObject { ["minMember"] = run.Status.Gang.Pods };
        return [group];
    }

    /// <inheritdoc/>
    public void Decorate(JsonObject manifest, TrainingRun run, PodSpec pod, ManifestOptions options)
    {
        // Of two schedulers on the same nodes neither knows in time what the other placed: no pod is left to the other.
        manifest["spec"]!["schedulerName"] = options.Coscheduler;
        if (pod.Stage == StageNames.Train)
        {
            GangSchedulers.Mark(manifest, "labels", GroupLabel, ObjectNames.Gang(run, pod.Attempt));
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<GroupReference> Release(TrainingRun run, int attempt) =>
        [PodGroup.Of(ApiVersion, run.Metadata.Namespace, ObjectNames.Gang(run, attempt))];
}
