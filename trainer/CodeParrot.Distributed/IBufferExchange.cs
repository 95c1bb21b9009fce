namespace CodeParrot.Distributed;

/// <summary>
/// How ranks exchange what is large, the model's flat buffers, where they lie: in host memory over TCP, on GPUs over
/// NCCL. What is small goes through <see cref="IProcessGroup"/> on both. All ranks call the same members in the same
/// order.
/// </summary>
public interface IBufferExchange
{
    /// <summary>Begins to sum a buffer at every step; the caller disposes the reducer before the exchange.</summary>
    /// <param name="buffer">Address of the first fp32 element.</param>
    /// <param name="grid">How the buffer is divided.</param>
    /// <param name="reducedTo">Who gets the sums.</param>
    /// <param name="order">Every bucket once, as backward completes them; null for the last one first.</param>
    IGradientReducer NewReducer(nint buffer, BucketGrid grid, ReducedTo reducedTo, IEnumerable<int>? order = null);

    /// <summary>Collects every rank's slice, cut by <see cref="Partition"/>, on all ranks.</summary>
    /// <param name="ownSlice">Address of this rank's slice; it may lie at its place among all.</param>
    /// <param name="all">Address of the first fp32 element of all.</param>
    /// <param name="count">Elements in all.</param>
    /// <exception cref="PeerLostException">A rank was lost.</exception>
    void AllGather(nint ownSlice, nint all, int count);

    /// <summary>Copies a rank's bytes to all ranks.</summary>
    /// <param name="buffer">Address of the first byte.</param>
    /// <param name="sizeBytes">The same on all ranks, at most 2 GiB.</param>
    /// <param name="root">The rank whose bytes they are.</param>
    /// <exception cref="PeerLostException">A rank was lost.</exception>
    void Broadcast(nint buffer, long sizeBytes, int root);

    /// <summary>Returns when all that was exchanged is there.</summary>
    /// <exception cref="PeerLostException">A rank was lost; what was exchanged is of no use.</exception>
    void Await();

    /// <summary>What is computed from here on sees what was collected.</summary>
    /// <exception cref="PeerLostException">A rank was lost.</exception>
    void Join();
}
