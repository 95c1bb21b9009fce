using CodeParrot.Distributed;

namespace CodeParrot.Training.Tests.Runs;

/// <summary>A real exchange whose rank dies at one of its broadcasts or gathers.</summary>
internal sealed class DyingExchange(IProcessGroup group, int diesAt) : IBufferExchange
{
    private readonly RingExchange _exchange = new(group);
    private int _calls;

    public IGradientReducer NewReducer(
        nint buffer,
        BucketGrid grid,
        ReducedTo reducedTo,
        IEnumerable<int>? order = null
    ) => _exchange.NewReducer(buffer, grid, reducedTo, order);

    public void AllGather(nint ownSlice, nint all, int count)
    {
        DieIfDue();
        _exchange.AllGather(ownSlice, all, count);
    }

    public void Broadcast(nint buffer, long sizeBytes, int root)
    {
        DieIfDue();
        _exchange.Broadcast(buffer, sizeBytes, root);
    }

    public void Join() => _exchange.Join();

    public void Await() => _exchange.Await();

    private void DieIfDue()
    {
        if (++_calls == diesAt)
        {
            group.Dispose();
            throw new KilledException();
        }
    }
}
