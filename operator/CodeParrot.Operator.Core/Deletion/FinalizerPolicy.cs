using CodeParrot.Api.Names;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Deletion;

/// <summary>
/// Keeps the finalizer on a run exactly while <c>spec.retainArtifacts</c> is false: before its first attempt, and after
/// each edit.
/// </summary>
/// <param name="options">Whether there is an API server, which alone knows finalizers.</param>
public sealed class FinalizerPolicy(PlannerOptions options) : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var wanted = !observed.Run.Spec.RetainArtifacts;
        var present = observed.Run.Metadata.Finalizers.Contains(FinalizerNames.Artifacts);
        return options.HasApiServer && wanted != present
            ? PlanBuilder.Do(
                wanted ? "hold the run until its objects are deleted" : "the run's objects are kept",
                new SetFinalizer(wanted)
            )
            : null;
    }
}
