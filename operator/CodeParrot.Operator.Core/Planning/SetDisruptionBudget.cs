namespace CodeParrot.Operator.Core.Planning;

/// <summary>Holds voluntary evictions of the run's pods back, or lets them through.</summary>
/// <param name="Blocks">True makes the PodDisruptionBudget, false removes it.</param>
public sealed record SetDisruptionBudget(bool Blocks) : PlanAction;
