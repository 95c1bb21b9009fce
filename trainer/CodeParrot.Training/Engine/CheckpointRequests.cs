using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;

namespace CodeParrot.Training.Engine;

/// <summary>
/// Which request for a checkpoint is open. Rank 0 alone knows of any, and its vote at the end of a step tells the
/// others. What was served stands in the manifests, so that the next attempt knows it too.
/// </summary>
/// <param name="context">The attempt.</param>
/// <param name="start">The checkpoint to go on from, which knows what was served up to it; null for none.</param>
internal sealed class CheckpointRequests(TrainingContext context, CheckpointManifest? start)
{
    private ServedRequest? _served = Known(context, start);

    /// <summary>Gets whether there is a request that no checkpoint serves, not even one on its way.</summary>
    public bool IsOpen => context.Group.Rank == 0 && Open() is not null;

    /// <summary>Lets a checkpoint that begins now serve what is open.</summary>
    /// <param name="checkpoint">The checkpoint, <c>branch/name</c>.</param>
    /// <returns>The request that was served last, by this checkpoint or by one before it; null for none.</returns>
    public ServedRequest? Serve(string checkpoint) =>
        Open() is { } request ? _served = new ServedRequest(request.Nonce, checkpoint, request.Generation) : _served;

    // The generations of another run, whose checkpoints this one took over, say nothing of its own.
    private static ServedRequest? Known(TrainingContext context, CheckpointManifest? start) =>
        start?.RunUid == context.RunUid ? start.ServedRequest
        : start?.ServedRequest is { } served ? served with { Generation = 0 }
        : null;

    // An operator that was away since before the newest request asks for the one before it, and this attempt's pod may
    // not have heard of either.
    private CheckpointRequest? Open() =>
        context.Request() is { Nonce.Length: > 0 } request
        && request.Nonce != _served?.Nonce
        && request.Generation >= (_served?.Generation ?? 0)
            ? request
            : null;
}
