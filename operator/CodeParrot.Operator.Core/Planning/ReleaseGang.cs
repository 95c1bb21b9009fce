namespace CodeParrot.Operator.Core.Planning;

/// <summary>Tells the gang scheduler that an attempt's gang is over.</summary>
/// <param name="Attempt">The attempt.</param>
public sealed record ReleaseGang(int Attempt) : PlanAction;
