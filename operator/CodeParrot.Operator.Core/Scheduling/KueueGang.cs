using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>
/// Kueue's plain pods: every pod is queued, and the pods of a gang are one group. Kueue holds a deleted pod of a group
/// back until another one takes its place; ours never does, since the next attempt is another group. The annotation
/// that says so stands from the start: set at the end of an attempt it could come too late.
/// </summary>
public sealed class KueueGang : IGangScheduler
{
    /// <summary>Label of a pod that names its group, which its Workload is named after.</summary>
    public const string GroupLabel = "kueue.x-k8s.io/pod-group-name";

    private const string Queue = "kueue.x-k8s.io/queue-name";
    private const string Total = "kueue.x-k8s.io/pod-group-total-count";
    private const string Index = "kueue.x-k8s.io/pod-group-pod-index";
    private const string Retriable = "kueue.x-k8s.io/retriable-in-group";

    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Groups(TrainingRun run) => [];

    /// <inheritdoc/>
    public void Decorate(JsonObject manifest, TrainingRun run, PodSpec pod, ManifestOptions options)
    {
        GangSchedulers.Mark(manifest, "labels", Queue, run.Spec.Scheduling.Queue);
        var pods = pod.WorldSize / pod.RanksPerPod;
        if (pod.Stage != StageNames.Train || pods == 1)
        {
            return;
        }

        GangSchedulers.Mark(manifest, "labels", GroupLabel, ObjectNames.Gang(run, pod.Attempt));
        // Ranks next to each other in the ring stand next to each other in the topology, where Kueue knows one.
        GangSchedulers.Mark(manifest, "labels", Index, $"{pod.PodIndex}");
        GangSchedulers.Mark(manifest, "annotations", Total, $"{pods}");
        GangSchedulers.Mark(manifest, "annotations", Retriable, "false");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// To Kueue a pod that is deleted before it has a node never ended, and is held for ever unless its group's
    /// Workload goes. Where all of them ran, that must stay: with it Kueue would delete pods that ended, with their
    /// logs.
    /// </remarks>
    public IReadOnlyList<GroupReference> Release(TrainingRun run, int attempt) =>
        run.Status.Gang.ScheduledAt is null ? [WorkloadOf(run.Metadata.Namespace, ObjectNames.Gang(run, attempt))] : [];

    /// <summary>The Workload of a group.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="group">Name of the group.</param>
    public static GroupReference WorkloadOf(string ns, string group) =>
        new("kueue.x-k8s.io/v1beta1", "Workload", "workloads", ns, group);
}
