namespace CodeParrot.Operator.Core.Planning;

/// <summary>Makes the run's headless Service and NetworkPolicy, unless they are there.</summary>
public sealed record EnsureNetwork : PlanAction;
