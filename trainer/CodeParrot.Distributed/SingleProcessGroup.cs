namespace CodeParrot.Distributed;

/// <summary>The group of one rank: every sum is the rank's own data, and nothing is sent.</summary>
public sealed class SingleProcessGroup : IProcessGroup
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int WorldSize => 1;

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> data) { }

    /// <inheritdoc/>
    public void AllReduceSum(Span<double> data) { }

    /// <inheritdoc/>
    public void ReduceScatterSum(Span<float> data, Span<float> ownSlice)
    {
        SliceCheck.ThrowIfNotOwn(ownSlice.Length, data.Length, Rank, WorldSize);
        data.CopyTo(ownSlice);
    }

    /// <inheritdoc/>
    public void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data)
    {
        SliceCheck.ThrowIfNotOwn(ownSlice.Length, data.Length, Rank, WorldSize);
        ownSlice.CopyTo(data);
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> data, int root) => ArgumentOutOfRangeException.ThrowIfNotEqual(root, 0);

    /// <inheritdoc/>
    public void Barrier() { }

    /// <inheritdoc/>
    public void Dispose() { }
}
