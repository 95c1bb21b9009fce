using CodeParrot.Contract.Runtime;

namespace CodeParrot.Training.Engine;

/// <summary>
/// Which request for a checkpoint is open. Rank 0 alone knows of any, and its vote at the end of a step tells the
/// others. What was served stands in the manifests, so that the next attempt knows it too.
/// </summary>
/// <param name="context">The attempt.</param>
/// <param name="served">The request that the checkpoint to go on from knows of; null for none.</param>
internal sealed class CheckpointRequests(TrainingContext context, ServedRequest? served)
{
    private ServedRequest? _served = served;

    /// <summary>Gets whether there is a request that no checkpoint serves, not even one on its way.</summary>
    public bool IsOpen =>
        context.Group.Rank == 0 && context.RequestNonce() is { Length: > 0 } nonce && nonce != _served?.Nonce;

    /// <summary>Lets a checkpoint that begins now serve what is open.</summary>
    /// <param name="checkpoint">The checkpoint, <c>branch/name</c>.</param>
    /// <returns>The request that was served last, by this checkpoint or by one before it; null for none.</returns>
    public ServedRequest? Serve(string checkpoint)
    {
        var nonce = context.RequestNonce();
        return nonce.Length > 0 && nonce != _served?.Nonce ? _served = new ServedRequest(nonce, checkpoint) : _served;
    }
}
