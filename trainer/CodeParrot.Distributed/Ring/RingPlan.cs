namespace CodeParrot.Distributed.Ring;

/// <summary>
/// The stretches that one rank sends to the next and receives from the previous rank in one collective. What is sent is
/// always the rank's own bytes followed by what it received, in the order received: so how far sending may go is one
/// number, <see cref="OwnBytes"/> + bytes received. The arrays are made once and refilled for every call.
/// </summary>
/// <remarks>
/// Slice x is summed along the ring from rank x + 1 round to rank x: ((d[x+1] + d[x+2]) + …) + d[x]. Rank x has the
/// full sum, and the gather passes those very bits to all.
/// </remarks>
internal sealed class RingPlan(int rank, int worldSize)
{
    private readonly Segment[] _send = new Segment[2 * worldSize];
    private readonly Segment[] _receive = new Segment[2 * worldSize];
    private int _sendCount;
    private int _receiveCount;

    public ReadOnlySpan<Segment> Send => _send.AsSpan(0, _sendCount);

    public ReadOnlySpan<Segment> Receive => _receive.AsSpan(0, _receiveCount);

    /// <summary>How many received segments, from the first, are added to the buffer instead of replacing it.</summary>
    public int AddCount { get; private set; }

    /// <summary>Bytes that may be sent before anything is received.</summary>
    public long OwnBytes { get; private set; }

    public void AllReduce(long length, int elementBytes) =>
        Rotate(length, elementBytes, 1, 2 * (worldSize - 1), worldSize - 1);

    public void ReduceScatter(long length, int elementBytes) =>
        Rotate(length, elementBytes, 1, worldSize - 1, worldSize - 1);

    public void AllGather(long length, int elementBytes) => Rotate(length, elementBytes, 0, worldSize - 1, 0);

    /// <summary>The root sends all; the others pass on what they receive, up to the rank before the root.</summary>
    public void Broadcast(long bytes, int root)
    {
        var whole = new Segment(0, bytes);
        var distance = (rank - root + worldSize) % worldSize;
        _send[0] = whole;
        _receive[0] = whole;
        _sendCount = distance < worldSize - 1 ? 1 : 0;
        _receiveCount = distance > 0 ? 1 : 0;
        AddCount = 0;
        OwnBytes = distance == 0 ? bytes : 0;
    }

    private void Rotate(long length, int elementBytes, int lag, int steps, int addSteps)
    {
        var partition = new Partition(length, worldSize);
        for (var step = 0; step < steps; step++)
        {
            _send[step] = Cut(partition, rank - step - lag, elementBytes);
            _receive[step] = Cut(partition, rank - step - lag - 1, elementBytes);
        }

        _sendCount = steps;
        _receiveCount = steps;
        AddCount = addSteps;
        OwnBytes = steps > 0 ? _send[0].Bytes : 0;
    }

    private Segment Cut(Partition partition, int position, int elementBytes)
    {
        // Positions run down to -2 × world size.
        var index = (position + 3 * worldSize) % worldSize;
        return new Segment(partition.Offset(index) * elementBytes, partition.Count(index) * elementBytes);
    }
}
