namespace CodeParrot.Distributed;

/// <summary>Buffers in host memory, exchanged by the group itself. It does not own the group.</summary>
public sealed unsafe class RingExchange(IProcessGroup group) : IBufferExchange
{
    /// <inheritdoc/>
    public IGradientReducer NewReducer(
        nint buffer,
        BucketGrid grid,
        ReducedTo reducedTo,
        IEnumerable<int>? order = null
    ) => new GradientReducer(group, buffer, grid, reducedTo, order);

    /// <inheritdoc/>
    public void AllGather(nint ownSlice, nint all, int count)
    {
        var own = (int)new Partition(count, group.WorldSize).Count(group.Rank);
        group.AllGather(new ReadOnlySpan<float>((float*)ownSlice, own), new Span<float>((float*)all, count));
    }

    /// <inheritdoc/>
    public void Broadcast(nint buffer, long sizeBytes, int root) =>
        group.Broadcast(new Span<byte>((void*)buffer, checked((int)sizeBytes)), root);

    /// <inheritdoc/>
    public void Join() { }

    /// <inheritdoc/>
    public void Await() { }
}
