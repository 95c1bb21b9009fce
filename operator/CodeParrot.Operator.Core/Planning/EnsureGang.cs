namespace CodeParrot.Operator.Core.Planning;

/// <summary>
/// Makes what the gang scheduler of <c>status.gang.scheduler</c> wants to see before the train stage's pods of
/// <c>status.attempt</c>, unless it is there.
/// </summary>
public sealed record EnsureGang : PlanAction;
