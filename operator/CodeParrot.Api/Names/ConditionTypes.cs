namespace CodeParrot.Api.Names;

/// <summary>Types of a run's conditions.</summary>
public static class ConditionTypes
{
    /// <summary>The spec has no mistakes.</summary>
    public const string Accepted = "Accepted";

    /// <summary>Every pod of the stage has a node.</summary>
    public const string Scheduled = "Scheduled";

    /// <summary>All pods of the stage run.</summary>
    public const string Running = "Running";

    /// <summary>A complete checkpoint exists.</summary>
    public const string CheckpointAvailable = "CheckpointAvailable";

    /// <summary>Pods run, and yet no step was made for too long.</summary>
    public const string Stalled = "Stalled";

    /// <summary>All stages are done.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>The run was given up.</summary>
    public const string Failed = "Failed";

    /// <summary>What became of the newest rollback.</summary>
    public const string RolledBack = "RolledBack";
}
