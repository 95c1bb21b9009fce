using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Core.Accept;

/// <summary>
/// Checks the spec: all mistakes stand in <c>Accepted=False</c>, and until they are gone nothing else is decided, so
/// that living pods go on undisturbed and nothing new is made.
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
        if (judged?.ObservedGeneration == observed.Run.Metadata.Generation)
        {
            return judged.Status == RunCondition.True ? null : PlanBuilder.Wait("the spec has mistakes");
        }

        IReadOnlyList<SpecMistake> mistakes =
        [
            .. ManifestValidator.Validate(observed.Run.ToManifest()),
            .. options.HasApiServer && observed.Run.Spec.Store.Uri.Length == 0 ? [NoStore] : Array.Empty<SpecMistake>(),
        ];
        if (mistakes.Count > 0)
        {
            return Write(observed, accepted: false, ConditionReasons.InvalidSpec, string.Join('\n', mistakes));
        }

        var identity = observed.Status.Identity;
        if (identity.Length > 0 && identity != RunSnapshot.IdentityDigest(observed.Run.Spec))
        {
            return Write(
                observed,
                accepted: false,
                ConditionReasons.IdentityChanged,
                "corpus, tokenizer, model, objective, data, seed, batchSize, gradientAccumulation and workers.count "
                    + "stay as they are once a run has begun; put them back, or make a run of another name"
            );
        }

        return Write(observed, accepted: true, ConditionReasons.Valid, "the spec has no mistakes");
    }

    private static Plan Write(Observed observed, bool accepted, string reason, string message)
    {
        var status = observed.Status.WithCondition(observed, ConditionTypes.Accepted, accepted, reason, message);
        return PlanBuilder.Do(accepted ? "the spec is accepted" : "the spec has mistakes", new SetStatus(status));
    }
}
