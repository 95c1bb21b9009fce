using CodeParrot.Distributed;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A rank of a world that nobody meets in: for what is worked out from rank and world size alone.</summary>
internal sealed class PlaceInWorld(int rank, int worldSize) : IProcessGroup
{
    public int Rank => rank;

    public int WorldSize => worldSize;

    public void AllReduceSum(Span<float> data) => throw new NotSupportedException();

    public void AllReduceSum(Span<double> data) => throw new NotSupportedException();

    public void ReduceScatterSum(Span<float> data, Span<float> ownSlice) => throw new NotSupportedException();

    public void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data) => throw new NotSupportedException();

    public void Broadcast(Span<byte> data, int root) => throw new NotSupportedException();

    public void Barrier() => throw new NotSupportedException();

    public void Dispose() { }
}
