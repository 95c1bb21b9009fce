namespace CodeParrot.Distributed.Tests.InProcess;

/// <summary>One rank of an <see cref="InProcessWorld"/>.</summary>
internal sealed unsafe class InProcessGroup(int rank, Meeting meeting) : IProcessGroup
{
    public int Rank => rank;

    public int WorldSize => meeting.WorldSize;

    public void AllReduceSum(Span<float> data)
    {
        fixed (float* start = data)
        {
            meeting.Meet(rank, new("AllReduceFloat", data.Length), start, null, meeting.AllReduce<float>);
        }
    }

    public void AllReduceSum(Span<double> data)
    {
        fixed (double* start = data)
        {
            meeting.Meet(rank, new("AllReduceDouble", data.Length), start, null, meeting.AllReduce<double>);
        }
    }

    public void ReduceScatterSum(Span<float> data, Span<float> ownSlice)
    {
        CheckSlice(ownSlice.Length, data.Length);
        fixed (
            float* start = data,
                own = ownSlice
        )
        {
            meeting.Meet(rank, new("ReduceScatter", data.Length), start, own, meeting.ReduceScatter);
        }
    }

    public void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data)
    {
        CheckSlice(ownSlice.Length, data.Length);
        fixed (
            float* start = data,
                own = ownSlice
        )
        {
            meeting.Meet(rank, new("AllGather", data.Length), start, own, meeting.AllGather);
        }
    }

    public void Broadcast(Span<byte> data, int root)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(root);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(root, WorldSize);
        fixed (byte* start = data)
        {
            meeting.Meet(rank, new("Broadcast", data.Length, root), start, null, meeting.Broadcast);
        }
    }

    public void Barrier() => meeting.Meet(rank, new("Barrier", 0), null, null, static _ => { });

    public void Dispose() => meeting.Leave(rank);

    private void CheckSlice(int sliceLength, int length)
    {
        var expected = new Partition(length, WorldSize).Count(rank);
        if (sliceLength != expected)
        {
            throw new ArgumentException($"ownSlice: rank {rank} owns {expected} of {length}, was {sliceLength}");
        }
    }
}
