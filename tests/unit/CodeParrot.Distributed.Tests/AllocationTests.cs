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
        const int Windows = 10;
        using var world = await World.OfAsync(2);
        var ranks = new[] { new float[100_000], new float[100_000] };
        var totals = new long[Windows + 1];

        world.Run(group =>
        {
            var data = ranks[group.Rank];
            for (var call = -20; call <= Calls * Windows; call++)
            {
                if (call >= 0 && call % Calls == 0 && group.Rank == 0)
                {
                    totals[call / Calls] = GC.GetTotalAllocatedBytes(precise: true);
                }

                group.AllReduceSum(data.AsSpan());
            }
        });

        // The test host itself allocates now and then, hence the best of several windows; one small object per call
        // would be 200 × 24 bytes × 2 ranks in each of them.
        var least = totals.Zip(totals.Skip(1), (before, after) => after - before).Min();
        Assert.True(least < Calls * 24 * 2, $"{least} bytes in {Calls} calls");
    }
}
