namespace CodeParrot.Operator.Core.Planning;

/// <summary>
/// Makes the secret that the ranks of an attempt prove to each other. Its name stands in the status before it is made,
/// and nobody can guess it, so that one that exists already is ours.
/// </summary>
/// <param name="Name">Name of the Secret.</param>
public sealed record EnsureRendezvousKey(string Name) : PlanAction;
