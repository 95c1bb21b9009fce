using System.Text.Json.Nodes;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Pods;

namespace CodeParrot.Operator.Core.Scheduling;

/// <summary>
/// How one scheduler is told of a gang. What became of it is seen on the pods themselves, whichever scheduler it is:
/// they have a node, or wait.
/// </summary>
public interface IGangScheduler
{
    /// <summary>Objects that must be there before the pods of the run's current attempt.</summary>
    IReadOnlyList<JsonObject> Groups(TrainingRun run);

    /// <summary>Marks a pod that was built, of the gang or of another stage.</summary>
    void Decorate(JsonObject manifest, TrainingRun run, PodSpec pod, ManifestOptions options);

    /// <summary>Objects to delete once an attempt is over; those that are gone already are no mistake.</summary>
    IReadOnlyList<GroupReference> Release(TrainingRun run, int attempt);
}
