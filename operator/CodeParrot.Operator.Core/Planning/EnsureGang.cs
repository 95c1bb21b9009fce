namespace CodeParrot.Operator.Core.Planning;

/// <summary>Makes what the gang scheduler wants to see before the pods of an attempt, unless it is there.</summary>
public sealed record EnsureGang : PlanAction;
