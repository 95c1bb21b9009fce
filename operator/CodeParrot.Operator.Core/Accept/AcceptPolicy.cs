using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Operator.Core.Attempts;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Accept;

/// <summary>
/// Checks the spec after every edit: all mistakes stand in <c>Accepted=False</c>. A run that has not begun waits until
/// they are gone. One that has is still followed: its pods go on, their ends are noted, it can be suspended and
/// deleted; but nothing is begun with a spec that has mistakes.
/// </summary>
/// <param name="options">Whether a store must be named.</param>
public sealed class AcceptPolicy(PlannerOptions options) : IPolicy
{
    private static readonly SpecMistake NoStore = new(
        "spec.store.uri",
        "must name the store that pods share, such as s3://bucket/prefix"
    );

    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var judged = observed.Status.Condition(ConditionTypes.Accepted);
        if (
            judged?.ObservedGeneration == observed.Run.Metadata.Generation
            && !MayAdopt(observed, judged)
            // What an operator of another version could not read is judged anew by one that can.
            && judged.Reason != ConditionReasons.Unreadable
        )
        {
            return judged.Status == RunCondition.True || observed.Status.Attempt > 0
                ? null
                : PlanBuilder.Wait("the spec has mistakes");
        }

        var mistakes = Mistakes(observed);
        if (mistakes.Count > 0)
        {
            return Write(observed, accepted: false, ConditionReasons.InvalidSpec, MistakeText.Of(mistakes));
        }

        var identity = observed.Status.Identity;
        return identity.Length > 0 && identity != IdentityFields.Digest(observed.Run.Spec)
            ? Write(
                observed,
                accepted: false,
                ConditionReasons.IdentityChanged,
                $"{IdentityFields.Names} stay as they are once a run has begun; put them back, or make a run of "
                    + "another name"
            )
            : Write(observed, accepted: true, ConditionReasons.Valid, "the spec has no mistakes");
    }

    /// <summary>True once a person has allowed what a refused run was refused for.</summary>
    internal static bool MayAdopt(Observed observed) =>
        observed.Run.Metadata.Annotations.GetValueOrDefault(AnnotationNames.AdoptStore) == "true";

    private static bool MayAdopt(Observed observed, RunCondition judged) =>
        judged is { Status: RunCondition.False, Reason: ConditionReasons.StoreInUse } && MayAdopt(observed);

    private IReadOnlyList<SpecMistake> Mistakes(Observed observed)
    {
        var mistakes = ManifestValidator.Validate(observed.Run.ToManifest());
        return options.HasApiServer && observed.Run.Spec.Store.Uri.Length == 0 ? [NoStore, .. mistakes] : mistakes;
    }

    private static Plan Write(Observed observed, bool accepted, string reason, string message)
    {
        var status = observed.Status.WithCondition(observed, ConditionTypes.Accepted, accepted, reason, message);
        return PlanBuilder.Do(
            accepted ? "the spec is accepted" : "the spec has mistakes",
            new SetStatus(accepted ? status with { PendingChange = Recipe.PendingChange(observed) } : status)
        );
    }
}
