using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Operator.Core.Manifests;

/// <summary>The PodDisruptionBudget of a run's ranks; while it is there, no eviction is let through.</summary>
public static class DisruptionBudgetManifest
{
    /// <summary>Builds it.</summary>
    public static JsonObject Build(TrainingRun run)
    {
        var manifest = ManifestHead.Of(run, "policy/v1", "PodDisruptionBudget", ObjectNames.Pods(run.Metadata.Name));
        var labels = ManifestHead.PodsOf(run);
        labels[LabelNames.Stage] = StageNames.Train;
        manifest["spec"] = new JsonObject
        {
            // Pods of a custom resource that cannot be scaled count by this alone. There are never more pods than
            // ranks, and their number stays as it is.
            ["minAvailable"] = run.Spec.Workers.Count,
            // A pod that never became ready has nothing to lose, and must not hold up a drain.
            ["unhealthyPodEvictionPolicy"] = "AlwaysAllow",
            ["selector"] = new JsonObject { ["matchLabels"] = labels },
        };
        return manifest;
    }
}
