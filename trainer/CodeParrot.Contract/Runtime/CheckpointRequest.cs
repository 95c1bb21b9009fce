namespace CodeParrot.Contract.Runtime;

/// <summary>A request for a checkpoint, as it goes to rank 0.</summary>
/// <param name="Nonce">The value of <c>spec.checkpoints.requestNonce</c>.</param>
/// <param name="Generation">
/// Generation of the resource that has it. Whoever asks may see an old resource: a request of an older generation than
/// one that was heard is over.
/// </param>
public sealed record CheckpointRequest(string Nonce, long Generation);
