using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>The cluster's own scheduler, which places pod by pod.</summary>
internal sealed class NoGang : IGangScheduler
{
    /// <inheritdoc/>
    public IReadOnlyList<JsonObject> Groups(TrainingRun run) => [];

    /// <inheritdoc/>
    public void Decorate(JsonObject manifest, TrainingRun run, PodSpec pod, ManifestOptions options)
    {
        // Nothing to say.
    }

    /// <inheritdoc/>
    public IReadOnlyList<GroupReference> Release(TrainingRun run, int attempt) => [];
}
