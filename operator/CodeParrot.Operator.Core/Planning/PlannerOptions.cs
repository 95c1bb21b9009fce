namespace CodeParrot.Operator.Core.Planning;

/// <summary>What the planner may count on where runs live.</summary>
public sealed record PlannerOptions
{
    /// <summary>
    /// True where runs are resources of an API server: they can be deleted and held by a finalizer, and a store must be
    /// named. False on one machine, which has a folder for a store.
    /// </summary>
    public bool HasApiServer { get; init; } = true;
}
