namespace CodeParrot.Api.Status;

/// <summary>
/// The newest request for a checkpoint that was answered: a value of <c>spec.checkpoints.requestNonce</c> is answered
/// once. While the field has another value, the run has yet to make a step.
/// </summary>
/// <param name="Nonce">The value of <c>spec.checkpoints.requestNonce</c>.</param>
/// <param name="Checkpoint">
/// <c>branch/name</c> of the checkpoint that serves it; where training is over, of the newest there is; empty for none.
/// </param>
/// <param name="Result">A reason: CheckpointTaken or TrainingOver.</param>
/// <param name="At">When it was answered.</param>
public sealed record CheckpointRequestStatus(string Nonce, string Checkpoint, string Result, DateTimeOffset At);
