namespace CodeParrot.Api.Names;

/// <summary>
/// Names of tasks: short pods beside the stages, which do one thing in the store. They stand where a stage's name does.
/// </summary>
public static class TaskNames
{
    /// <summary>Lets the refs name a checkpoint.</summary>
    public const string Promote = "promote";

    /// <summary>
    /// Deletes the run's objects; the run that it belongs to is being deleted, so nothing owns its pod.
    /// </summary>
    public const string Cleanup = "cleanup";

    /// <summary>True for the name of a task, false for a stage's.</summary>
    public static bool IsTask(string stage) => stage is Promote or Cleanup;
}
