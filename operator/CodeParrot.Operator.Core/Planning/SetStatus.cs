using CodeParrot.Api.Status;

namespace CodeParrot.Operator.Core.Planning;

/// <summary>Writes the run's status, unless the run changed since it was observed.</summary>
/// <param name="Status">The whole status.</param>
public sealed record SetStatus(RunStatus Status) : PlanAction;
