using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Attempts;

/// <summary>What an attempt runs with, and whether today's spec is still the same.</summary>
internal static class Recipe
{
    private static readonly RunSpec Unset = new();

    /// <summary>
    /// The text that the attempt's pods read: all but what is read live and would change its hash in vain.
    /// </summary>
    public static string SnapshotOf(Observed observed)
    {
        var manifest = observed.Run.ToManifest();
        var spec = manifest.Spec with
        {
            Suspend = Unset.Suspend,
            Rollback = Unset.Rollback,
            Checkpoints = WithoutRequest(manifest.Spec.Checkpoints),
        };
        return RunSnapshot.Write(manifest with { Spec = spec });
    }

    /// <summary>
    /// Digest of the spec without its control fields: it changes with an edit that waits for an attempt.
    /// </summary>
    public static string DigestOf(Observed observed)
    {
        var manifest = observed.Run.ToManifest();
        var spec = manifest.Spec with
        {
            Suspend = Unset.Suspend,
            Rollback = Unset.Rollback,
            Publish = Unset.Publish,
            FailurePolicy = Unset.FailurePolicy,
            Disruption = Unset.Disruption,
            TtlAfterFinished = Unset.TtlAfterFinished,
            RetainArtifacts = Unset.RetainArtifacts,
            Scheduling = manifest.Spec.Scheduling with { Queue = Unset.Scheduling.Queue },
            Checkpoints = WithoutRequest(manifest.Spec.Checkpoints),
        };
        return RunSnapshot.Hash(RunSnapshot.Write(manifest with { Spec = spec }));
    }

    /// <summary>Says that an edit waits for the next attempt; empty where none does.</summary>
    public static string PendingChange(Observed observed)
    {
        var status = observed.Status;
        return status.LivingAttempt() is null || status.Recipe.Length == 0 || status.Recipe == DigestOf(observed)
            ? ""
            : $"the recipe of generation {observed.Run.Metadata.Generation} acts when attempt "
                + $"{status.Attempt + 1} begins";
    }

    private static CheckpointsSpec WithoutRequest(CheckpointsSpec checkpoints) =>
        checkpoints with
        {
            RequestNonce = Unset.Checkpoints.RequestNonce,
        };
}
