namespace CodeParrot.Api.Names;

/// <summary>Types of a run's conditions.</summary>
public static class ConditionTypes
{
    /// <summary>The spec has no mistakes.</summary>
    public const string Accepted = "Accepted";

    /// <summary>All pods of the stage are there.</summary>
    public const string Running = "Running";

    /// <summary>A complete checkpoint exists.</summary>
    public const string CheckpointAvailable = "CheckpointAvailable";

    /// <summary>All stages are done.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>The run was given up.</summary>
    public const string Failed = "Failed";

    /// <summary>What became of the newest rollback.</summary>
    public const string RolledBack = "RolledBack";
}
