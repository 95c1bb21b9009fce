namespace CodeParrot.Operator.Core.Planning;

/// <summary>
/// Puts the operator's finalizer on the run, or takes it off, if the run is as it was observed: it never stands in a
/// plan with a status write.
/// </summary>
/// <param name="Present">True puts it on.</param>
public sealed record SetFinalizer(bool Present) : PlanAction;
