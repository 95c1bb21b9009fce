namespace CodeParrot.Distributed.Tests;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    [Fact]
    public async Task Collectives_allocate_nothing_after_the_first_calls()
    {
        const int Calls = 100;
        using var world = await World.OfAsync(2);
        var ranks = new[] { new float[100_000], new float[100_000] };
        var slices = new[] { new float[50_000], new float[50_000] };
        var allocated = new long[2];

        world.Run(group =>
        {
            var (data, slice) = (ranks[group.Rank], slices[group.Rank]);
            Span<double> flags = stackalloc double[3];
            Span<byte> bytes = stackalloc byte[100];
            for (var call = -20; call < Calls; call++)
            {
                if (call == 0)
                {
                    allocated[group.Rank] = GC.GetAllocatedBytesForCurrentThread();
                }

                group.AllReduceSum(data.AsSpan());
                group.AllReduceSum(flags);
                group.ReduceScatterSum(data, slice);
                group.AllGather(slice, data);
                group.Broadcast(bytes, root: 1);
                group.Barrier();
            }

            allocated[group.Rank] = GC.GetAllocatedBytesForCurrentThread() - allocated[group.Rank];
        });

        Assert.Equal([0, 0], allocated);
    }

    [Fact]
    public async Task No_other_thread_allocates_for_a_collective_either()
    {
        const int Calls = 200;
        using var world = await World.OfAsync(2);
        var ranks = new[] { new float[100_000], new float[100_000] };
        var before = 0L;
        var after = 0L;

        world.Run(group =>
        {
            var data = ranks[group.Rank];
            for (var call = -20; call < Calls; call++)
            {
                if (call == 0 && group.Rank == 0)
                {
                    before = GC.GetTotalAllocatedBytes(precise: true);
                }

                group.AllReduceSum(data.AsSpan());
            }

            if (group.Rank == 0)
            {
                after = GC.GetTotalAllocatedBytes(precise: true);
            }
        });

        // The test host itself allocates now and then; one small object per call would be 200 × 24 bytes × 2 ranks.
        Assert.True(after - before < Calls * 24 * 2, $"{after - before} bytes in {Calls} calls");
    }
}
