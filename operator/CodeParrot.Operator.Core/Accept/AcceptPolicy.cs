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
public sealed class AcceptPolicy : IPolicy
{
    /// <inheritdoc/>
    public Plan? Decide(Observed observed)
    {
        var judged = observed.Status.Condition(ConditionTypes.Accepted);
        if (judged?.ObservedGeneration == observed.Run.Metadata.Generation)
        {
            return judged.Status == RunCondition.True ? null : PlanBuilder.Wait("the spec has mistakes");
        }

        var mistakes = ManifestValidator.Validate(observed.Run.ToManifest());
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
