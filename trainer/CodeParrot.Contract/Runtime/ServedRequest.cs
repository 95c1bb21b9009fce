namespace CodeParrot.Contract.Runtime;

/// <summary>A request for a checkpoint, <c>spec.checkpoints.requestNonce</c>, that was served.</summary>
/// <param name="Nonce">The value of the field.</param>
/// <param name="Checkpoint">The complete checkpoint that serves it, <c>branch/name</c>.</param>
/// <param name="Generation">
/// Generation of the resource that the request was heard of with: one of an older generation is over. 0 where it is not
/// known, as of trainers that did not write it.
/// </param>
public sealed record ServedRequest(string Nonce, string Checkpoint, long Generation = 0);
