using System.Collections.Concurrent;

namespace CodeParrot.Distributed.Tests;

/// <summary>A world of one that notes the lengths of its all-reduces.</summary>
internal sealed class CountingGroup : IProcessGroup
{
    private readonly BlockingCollection<int> _lengths = [];

    public int Rank => 0;

    public int WorldSize => 1;

    /// <summary>The length of the next all-reduce, waiting for it if need be.</summary>
    public int Next() => _lengths.TryTake(out var length, TimeSpan.FromSeconds(5)) ? length : -1;

    public void AllReduceSum(Span<float> data) => _lengths.Add(data.Length);

    public void AllReduceSum(Span<double> data) => throw new NotSupportedException();

    public void ReduceScatterSum(Span<float> data, Span<float> ownSlice) => throw new NotSupportedException();

    public void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data) => throw new NotSupportedException();

    public void Broadcast(Span<byte> data, int root) => throw new NotSupportedException();

    public void Barrier() => throw new NotSupportedException();

    public void Dispose() => _lengths.Dispose();
}
