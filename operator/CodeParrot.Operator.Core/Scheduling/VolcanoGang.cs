using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>Volcano: a PodGroup for the gang of an attempt; for a single pod Volcano makes one by itself.</summary>
internal sealed class VolcanoGang : IGangScheduler
{
    private const string ApiVersion = "scheduling.volcano.sh/v1beta1";
    private const string GroupName = "scheduling.k8s.io/group-name";
    private const string QueueName = "scheduling.volcano.sh/queue-name";

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Groups(TrainingRun run)
    {
        var name = ObjectNames.Gang(run, run.Status.Attempt);
        var group = ManifestHead.Of(run, ApiVersion, PodGroup.Kind, name);
        var spec = new JsonObject { ["minMember"] = run.Status.Gang.Pods };
        spec.SetUnlessEmpty("queue", run.Spec.Scheduling.Queue);
        spec.SetUnlessEmpty("priorityClassName", run.Spec.Workers.Template?.PriorityClassName ?? "");
        group["spec"] = spec;
        return [group];
    }

    /// <inheritdoc/>
    public void Decorate(JsonObject manifest, TrainingRun run, PodSpec pod, ManifestOptions options)
    {
        manifest["spec"]!["schedulerName"] = "volcano";
        if (pod.Stage == StageNames.Train)
        {
            GangSchedulers.Mark(manifest, "annotations", GroupName, ObjectNames.Gang(run, pod.Attempt));
        }
        else if (run.Spec.Scheduling.Queue is { Length: > 0 } queue)
        {
            GangSchedulers.Mark(manifest, "annotations", QueueName, queue);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<GroupReference> Release(TrainingRun run, int attempt) =>
        [PodGroup.Of(ApiVersion, run.Metadata.Namespace, ObjectNames.Gang(run, attempt))];
}
