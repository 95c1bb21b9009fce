namespace CodeParrot.Api.Names;

/// <summary>Reasons of conditions and of ended attempts: stable names that scripts may read.</summary>
public static class ConditionReasons
{
    /// <summary>Accepted: the spec has no mistakes.</summary>
    public const string Valid = "Valid";

    /// <summary>Not accepted: the spec has mistakes.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>
    /// Not accepted: a field that fixes the weights' meaning was changed after the first attempt began.
    /// </summary>
    public const string IdentityChanged = "IdentityChanged";

    /// <summary>Running: the pods of the stage are there.</summary>
    public const string PodsRunning = "PodsRunning";

    /// <summary>Not running: an attempt was ended by a failure and another follows.</summary>
    public const string Restarting = "Restarting";

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

    /// <summary>Not failed any more: a person asked for another try.</summary>
    public const string Retried = "Retried";

    /// <summary>Rolled back, or an attempt's end: a rollback was acted on.</summary>
    public const string RollbackStarted = "RollbackStarted";

    /// <summary>Not rolled back: the rollback was there when the run was created.</summary>
    public const string RollbackAtCreation = "RollbackAtCreation";

    /// <summary>Not rolled back: no complete checkpoint of that step is known.</summary>
    public const string CheckpointMissing = "CheckpointMissing";

    /// <summary>A pod is gone that nobody here deleted.</summary>
    public const string PodVanished = "PodVanished";

    /// <summary>A pod ended with an exit code other than 0.</summary>
    public const string PodFailed = "PodFailed";
}
