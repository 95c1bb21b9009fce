namespace CodeParrot.Distributed;

/// <summary>
/// The ranks of one round and the operations that all of them call together, in the same order and with the same sizes.
/// One thread at a time may be inside a collective. After any failure the group is broken: every later call throws the
/// first failure again, and the ranks need a new round.
/// </summary>
/// <remarks>
/// Every member may throw <see cref="PeerLostException"/> (a rank died, closed or stood still past the deadline) and
/// <see cref="CollectiveMismatchException"/> (two ranks called different operations).
/// </remarks>
public interface IProcessGroup : IDisposable
{
    /// <summary>This process's position, 0 to <see cref="WorldSize"/> - 1.</summary>
    int Rank { get; }

    /// <summary>How many ranks take part, at least 1.</summary>
    int WorldSize { get; }

    /// <summary>
    /// Replaces every element by its sum over all ranks. The result is bit-identical on all ranks, and the same for the
    /// same inputs, length and world size.
    /// </summary>
    void AllReduceSum(Span<float> data);

    /// <inheritdoc cref="AllReduceSum(Span{float})"/>
    void AllReduceSum(Span<double> data);

    /// <summary>
    /// Sums <paramref name="data"/> over all ranks and leaves this rank's slice, cut by <see cref="Partition"/>, in
    /// <paramref name="ownSlice"/>. The bits equal those of an all-reduce of the same data. <paramref name="data"/> is
    /// scratch afterwards; <paramref name="ownSlice"/> may lie inside it.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="ownSlice"/> has not the length of this rank's
    /// slice.</exception>
    void ReduceScatterSum(Span<float> data, Span<float> ownSlice);

    /// <summary>
    /// Collects every rank's slice, cut by <see cref="Partition"/>, into <paramref name="data"/> on all ranks.
    /// <paramref name="ownSlice"/> may lie inside <paramref name="data"/> at its place.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="ownSlice"/> has not the length of this rank's
    /// slice.</exception>
    void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data);

    /// <summary>Copies the bytes of rank <paramref name="root"/> to all ranks.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="root"/> is no rank of this group.</exception>
    void Broadcast(Span<byte> data, int root);

    /// <summary>Returns when every rank has called it.</summary>
    void Barrier();
}
