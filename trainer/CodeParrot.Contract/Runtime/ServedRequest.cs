namespace CodeParrot.Contract.Runtime;

/// <summary>A request for a checkpoint, <c>spec.checkpoints.requestNonce</c>, that was served.</summary>
/// <param name="Nonce">The value of the field.</param>
/// <param name="Checkpoint">The complete checkpoint that serves it, <c>branch/name</c>.</param>
public sealed record ServedRequest(string Nonce, string Checkpoint);
