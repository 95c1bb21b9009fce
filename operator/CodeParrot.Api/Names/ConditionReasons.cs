namespace CodeParrot.Api.Names;

/// <summary>Reasons of conditions and of ended attempts: stable names that scripts may read.</summary>
public static class ConditionReasons
{
    /// <summary>Accepted: the spec has no mistakes.</summary>
    public const string Valid = "Valid";

    /// <summary>Not accepted: the spec has mistakes.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>Not accepted: this version of the operator cannot read the run.</summary>
    public const string Unreadable = "Unreadable";

    /// <summary>
    /// Not accepted: a field that fixes the weights' meaning was changed after the first attempt began.
    /// </summary>
    public const string IdentityChanged = "IdentityChanged";

    /// <summary>
    /// Not accepted: another run owns the run's part of the store. The annotation <c>codeparrot.dev/adopt-store</c>
    /// takes it over.
    /// </summary>
    public const string StoreInUse = "StoreInUse";

    /// <summary>Scheduled: every pod of the stage has a node.</summary>
    public const string PodsScheduled = "PodsScheduled";

    /// <summary>Not scheduled, or not running: pods of the stage wait for a node, or start.</summary>
    public const string PodsPending = "PodsPending";

    /// <summary>Running: all pods of the stage run.</summary>
    public const string PodsRunning = "PodsRunning";

    /// <summary>Not all pods have a node, or run, but <c>workers.minCount</c> is met.</summary>
    public const string FewerPods = "FewerPods";

    /// <summary>Not running: an attempt was ended by a failure and another follows.</summary>
    public const string Restarting = "Restarting";

    /// <summary>Not running: lost pods are made anew, and the others wait for them.</summary>
    public const string Replacing = "Replacing";

    /// <summary>Not running: stopped by <c>spec.suspend</c>.</summary>
    public const string Suspended = "Suspended";

    /// <summary>Not running, or an attempt's end: all stages are done.</summary>
    public const string Completed = "Completed";

    /// <summary>A checkpoint was committed.</summary>
    public const string Committed = "Committed";

    /// <summary>Failed: the failure is one that a new attempt would repeat.</summary>
    public const string PermanentFailure = "PermanentFailure";

    /// <summary>Failed: <c>failurePolicy.maxRestarts</c> restarts without a newer checkpoint.</summary>
    public const string RestartsExhausted = "RestartsExhausted";

    /// <summary>Failed: too many restarts that do not count, without a newer checkpoint.</summary>
    public const string FreeRestartsExhausted = "FreeRestartsExhausted";

    /// <summary>Failed: <c>failurePolicy.totalDeadline</c> is over.</summary>
    public const string DeadlineExceeded = "DeadlineExceeded";

    /// <summary>Not failed any more: a person typed the command again.</summary>
    public const string Retried = "Retried";

    /// <summary>Stalled, or an attempt's end: no step was made for <c>failurePolicy.stallTimeout</c>.</summary>
    public const string NoStep = "NoStep";

    /// <summary>Stalled, or an attempt's end: nothing began within <c>failurePolicy.startupDeadline</c>.</summary>
    public const string StartupTimeout = "StartupTimeout";

    /// <summary>Not stalled any more: a step was made.</summary>
    public const string StepMade = "StepMade";

    /// <summary>Rolled back, or an attempt's end: a rollback was acted on.</summary>
    public const string RollbackStarted = "RollbackStarted";

    /// <summary>Not rolled back: the rollback was there when the run was created.</summary>
    public const string RollbackAtCreation = "RollbackAtCreation";

    /// <summary>
    /// Not rolled back, not promoted, or none available: there is no such complete checkpoint, or not any more.
    /// </summary>
    public const string CheckpointMissing = "CheckpointMissing";

    /// <summary>Not promoted: the checkpoint was there, and retention has deleted it.</summary>
    public const string CheckpointDeleted = "CheckpointDeleted";

    /// <summary>A request for a checkpoint: one was taken.</summary>
    public const string CheckpointTaken = "CheckpointTaken";

    /// <summary>A request for a checkpoint: training is over, and none is taken any more.</summary>
    public const string TrainingOver = "TrainingOver";

    /// <summary>A promotion: its task is under way.</summary>
    public const string PromotionStarted = "PromotionStarted";

    /// <summary>A promotion: the refs name the checkpoint.</summary>
    public const string Promoted = "Promoted";

    /// <summary>A promotion: the checkpoint is damaged, or the store did not answer.</summary>
    public const string PromotionFailed = "PromotionFailed";

    /// <summary>A deletion: the run's objects are being deleted from the store.</summary>
    public const string CleanupStarted = "CleanupStarted";

    /// <summary>A deletion: the run's objects are gone from the store.</summary>
    public const string ArtifactsDeleted = "ArtifactsDeleted";

    /// <summary>A deletion: the run's objects were left in the store.</summary>
    public const string ArtifactsLeft = "ArtifactsLeft";

    /// <summary>A pod whose deletion somebody else asked for.</summary>
    public const string PodDeleted = "PodDeleted";

    /// <summary>A pod is gone that nobody here deleted.</summary>
    public const string PodVanished = "PodVanished";

    /// <summary>A pod ended with an exit code other than 0.</summary>
    public const string PodFailed = "PodFailed";
}
