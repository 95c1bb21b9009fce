namespace CodeParrot.Operator.Core.Planning;

/// <summary>Deletes the run's resource, and with it what it owns.</summary>
public sealed record DeleteRun : PlanAction;
