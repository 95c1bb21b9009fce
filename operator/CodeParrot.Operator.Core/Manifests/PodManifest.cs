using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Pods;
using CodeParrot.Operator.Core.Scheduling;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>
/// A pod of a run, within Pod Security's <c>restricted</c>. All pods of a gang differ in name, labels, environment and
/// hostname alone: a queue that counts pods by their shape sees one kind of them.
/// </summary>
public static class PodManifest
{
    // A stage other than training keeps what it finished piece by piece, and has nothing to write at the end.
    private static readonly TimeSpan StageGrace = TimeSpan.FromSeconds(30);

    /// <summary>Builds it.</summary>
    /// <param name="run">
    /// The run with the spec that the pod's attempt began with: a later edit must not split its gang.
    /// </param>
    /// <param name="pod">The pod as it was decided.</param>
    /// <param name="options">The operator's settings.</param>
    public static JsonObject Build(TrainingRun run, PodSpec pod, ManifestOptions options)
    {
        var template = TemplateOf(run.Spec, pod);
        var manifest = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = Metadata(run, pod, template),
            ["spec"] = Spec(run, pod, template, options),
        };
        GangSchedulers.Of(run.Status.Gang.Scheduler).Decorate(manifest, run, pod, options);
        return manifest;
    }

    /// <summary>What the user adds to a pod of this stage; tasks are made as the publish stage's pods are.</summary>
    internal static PodTemplateSpec TemplateOf(RunSpec spec, PodSpec pod) =>
        (Trains(pod) ? spec.Workers.Template : StageOf(spec, pod).Template) ?? new PodTemplateSpec();

    /// <summary>Resources of the pod, without its shared memory.</summary>
    internal static ResourcesSpec ResourcesOf(RunSpec spec, PodSpec pod, ManifestOptions options) =>
        (Trains(pod) ? spec.Workers.Resources : StageOf(spec, pod).Resources) ?? options.Resources;

    /// <summary>True for a rank's pod.</summary>
    internal static bool Trains(PodSpec pod) => pod.Stage == StageNames.Train;

    private static StageSpec StageOf(RunSpec spec, PodSpec pod) =>
        spec.Stages.TryGetValue(TaskNames.IsTask(pod.Stage) ? StageNames.Publish : pod.Stage, out var stage)
            ? stage
            : new StageSpec();

    private static JsonObject Metadata(TrainingRun run, PodSpec pod, PodTemplateSpec template)
    {
        var labels = ManifestHead.LabelsOf(run);
        labels[LabelNames.Component] = pod.Stage;
        labels.Override(template.Labels);
        labels.Override(pod.Labels);
        var annotations = new Dictionary<string, string>(template.Annotations);
        if (pod.SpecHash.Length > 0)
        {
            annotations[AnnotationNames.SpecHash] = pod.SpecHash;
        }

        var metadata = new JsonObject
        {
            ["name"] = pod.Name,
            ["namespace"] = pod.Namespace,
            ["labels"] = JsonMap.Of(labels),
        };
        metadata.SetUnlessEmpty("annotations", JsonMap.Of(annotations));
        if (pod.Owned)
        {
            metadata["ownerReferences"] = ManifestHead.OwnerOf(run);
        }

        return metadata;
    }

    private static JsonObject Spec(TrainingRun run, PodSpec pod, PodTemplateSpec template, ManifestOptions options)
    {
        var grace = Trains(pod) ? run.Spec.Workers.TerminationGracePeriod : StageGrace;
        var spec = new JsonObject
        {
            ["hostname"] = PodAddress.Hostname(pod, pod.PodIndex),
            ["subdomain"] = ObjectNames.Pods(pod.Run),
            ["restartPolicy"] = "Never",
            ["terminationGracePeriodSeconds"] = (long)Math.Ceiling(grace.TotalSeconds),
            ["enableServiceLinks"] = false,
            ["automountServiceAccountToken"] = false,
        };
        if (pod.Deadline is { } deadline)
        {
            spec["activeDeadlineSeconds"] = Math.Max(1, (long)deadline.TotalSeconds);
        }

        spec.SetUnlessEmpty("serviceAccountName", template.ServiceAccountName);
        spec.SetUnlessEmpty("priorityClassName", template.PriorityClassName);
        spec.SetUnlessEmpty("runtimeClassName", template.RuntimeClassName);
        spec.SetUnlessEmpty("imagePullSecrets", template.ImagePullSecrets);
        spec.SetUnlessEmpty("nodeSelector", JsonMap.Of(template.NodeSelector));
        spec.SetUnlessEmpty("affinity", PodAffinity.Of(run, pod, template));
        spec.SetUnlessEmpty("tolerations", template.Tolerations);
        spec.SetUnlessEmpty("topologySpreadConstraints", template.TopologySpreadConstraints);
        spec.SetUnlessEmpty("resourceClaims", template.ResourceClaims);
        spec["securityContext"] = PodSecurity.OfPod(template, options);
        spec["containers"] = new JsonArray(TrainerContainer.Of(run, pod, template, options));
        var volumes = new PodVolumes(run.Spec, pod);
        spec["volumes"] = new JsonArray([
            .. volumes.All.Select(v => v.Volume),
            .. template.Volumes.Select(v => v.DeepClone()),
        ]);
        return spec;
    }
}
