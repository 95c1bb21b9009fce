namespace CodeParrot.Operator.Core.Planning;

/// <summary>Makes the run's headless Service and NetworkPolicy; a policy that is there is brought up to date.</summary>
public sealed record EnsureNetwork : PlanAction;
