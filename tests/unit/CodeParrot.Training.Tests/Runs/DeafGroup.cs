using CodeParrot.Distributed;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>
/// A real group whose rank misses the end of one sum of doubles: the others have it, and it believes that a rank was
/// lost, as happens to some when a ring breaks in the middle of its last round.
/// </summary>
internal sealed class DeafGroup(IProcessGroup group, int missedSum) : IProcessGroup
{
    private int _sums;

    public int Rank => group.Rank;

    public int WorldSize => group.WorldSize;

    public void AllReduceSum(Span<float> data) => group.AllReduceSum(data);

    public void AllReduceSum(Span<double> data)
    {
        group.AllReduceSum(data);
        if (++_sums == missedSum)
        {
            data.Clear();
            throw new PeerLostException(PeerLostException.Unknown, "AllReduceDouble", "a test broke it");
        }
    }

    public void ReduceScatterSum(Span<float> data, Span<float> ownSlice) => group.ReduceScatterSum(data, ownSlice);

    public void AllGather(ReadOnlySpan<float> ownSlice, Span<float> data) => group.AllGather(ownSlice, data);

    public void Broadcast(Span<byte> data, int root) => group.Broadcast(data, root);

    public void Barrier() => group.Barrier();

    public void Dispose() => group.Dispose();
}
