namespace CodeParrot.Operator.Core.Planning;

/// <summary>Puts the operator's finalizer on the run, or takes it off.</summary>
/// <param name="Present">True puts it on.</param>
public sealed record SetFinalizer(bool Present) : PlanAction;
