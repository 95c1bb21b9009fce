using CodeParrot.Contract.Spec;

namespace CodeParrot.Api.Status;

/// <summary>The newest rollback that was decided on: a value is acted on once.</summary>
/// <param name="Value">The value of <c>spec.rollback</c>.</param>
/// <param name="Result">A reason: RollbackStarted, RollbackAtCreation or CheckpointMissing.</param>
/// <param name="Attempt">First attempt after it; 0 where nothing was changed.</param>
public sealed record RollbackStatus(RollbackSpec Value, string Result, int Attempt);
