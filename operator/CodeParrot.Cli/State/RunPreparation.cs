using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Accept;

namespace CodeParrot.Cli.State;

/// <summary>Brings a manifest into the state: a new run, or the same run once more.</summary>
internal static class RunPreparation
{
    /// <summary>The resource that <c>codeparrot run</c> drives.</summary>
    /// <param name="existing">The run as it is; null for none.</param>
    /// <param name="manifest">What the user wants now.</param>
    /// <param name="uid">UID of a new run.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="UserMistakeException">An identity field of a run that has begun was changed.</exception>
    public static TrainingRun Apply(TrainingRun? existing, RunManifest manifest, string uid, DateTimeOffset now)
    {
        if (existing is null)
        {
            return new TrainingRun { Metadata = Metadata(manifest, uid, now), Spec = manifest.Spec };
        }

        if (existing.Status.Attempt > 0)
        {
            Refuse(IdentityFields.Changed(existing.Spec, manifest.Spec), manifest.Metadata.Name);
        }

        // What was asked for by a command of its own is not in the manifest, and must outlive it.
        var spec = manifest.Spec with
        {
            Rollback = manifest.Spec.Rollback ?? existing.Spec.Rollback,
            Publish =
                IsPromoted(existing) && manifest.Spec.Publish.Promote == PublishSpec.OnSuccess
                    ? existing.Spec.Publish
                    : manifest.Spec.Publish,
        };
        return existing with
        {
            Metadata = existing.Metadata with
            {
                Labels = manifest.Metadata.Labels,
                Annotations = manifest.Metadata.Annotations,
            },
            Spec = spec,
            Status = existing.Status.Phase == RunPhase.Failed ? Retry(existing, now) : Reconsider(existing.Status),
        };
    }

    private static bool IsPromoted(TrainingRun run) =>
        run.Status.Promotion is { Result: ConditionReasons.Promoted } done && done.Value == run.Spec.Publish.Promote;

    private static void Refuse(IReadOnlyList<string> changes, string name)
    {
        if (changes.Count > 0)
        {
            throw new UserMistakeException(
                $"run '{name}' has begun, and these fields fix what its weights mean:\n"
                    + string.Join('\n', changes.Select(c => "  " + c))
                    + "\nput them back, or start another run: another metadata.name, or another --state"
            );
        }
    }

    // Whoever types the command again has seen the failure and wants another try.
    private static RunStatus Retry(TrainingRun run, DateTimeOffset now)
    {
        var status = run.Status;
        var failed = status.Condition(ConditionTypes.Failed);
        return status with
        {
            Phase = RunPhase.Restarting,
            FinishedAt = null,
            StartedAt = null,
            NextAttemptAt = null,
            Budget = new BudgetStatus(),
            Conditions =
            [
                .. status.Conditions.Select(c =>
                    c == failed
                        ? c with
                        {
                            Status = RunCondition.False,
                            Reason = ConditionReasons.Retried,
                            Message = "another try was asked for",
                            LastTransitionTime = now,
                        }
                        : c
                ),
            ],
        };
    }

    // Whoever owned the store may be gone by now: the next attempt finds out.
    private static RunStatus Reconsider(RunStatus status) =>
        status with
        {
            Conditions = [.. status.Conditions.Where(c => c.Reason != ConditionReasons.StoreInUse)],
        };

    private static ObjectMetadata Metadata(RunManifest manifest, string uid, DateTimeOffset now) =>
        new()
        {
            Name = manifest.Metadata.Name,
            Namespace = manifest.Metadata.Namespace,
            Uid = uid,
            CreationTimestamp = now,
            Labels = manifest.Metadata.Labels,
            Annotations = manifest.Metadata.Annotations,
        };
}
