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

        AssertSmall(totals, Calls);
    }

    [Theory]
    [InlineData(ReducedTo.EveryRank)]
    [InlineData(ReducedTo.OwnerOnly)]
    public async Task Neither_does_a_step_of_the_reducer(ReducedTo reducedTo)
    {
        const int Steps = 100;
        const int Windows = 10;
        using var world = await World.OfAsync(2);
        var ranks = new[] { GC.AllocateArray<float>(10_000, true), GC.AllocateArray<float>(10_000, true) };
        var totals = new long[Windows + 1];

        world.Run(group =>
        {
            var data = ranks[group.Rank];
            var grid = new BucketGrid(data.Length, group.WorldSize, bucketElements: 3000);
            using var reducer = new GradientReducer(group, Address(data), grid, reducedTo);
            for (var step = -20; step <= Steps * Windows; step++)
            {
                if (step >= 0 && step % Steps == 0 && group.Rank == 0)
                {
                    totals[step / Steps] = GC.GetTotalAllocatedBytes(precise: true);
                }

                // Backward completes ranges here and there, and leaves holes for a while.
                reducer.Start(6000, 2000);
                reducer.Start(9000, 1000);
                reducer.Start(0, 6000);
                reducer.Start(8000, 1000);
                reducer.Finish();
            }
        });

        AssertSmall(totals, Steps);
    }

    // The test host itself allocates now and then, hence the best of several windows; one small object per call would
    // be 24 bytes × 2 ranks × calls in each of them.
    private static void AssertSmall(long[] totals, int calls)
    {
        var least = totals.Zip(totals.Skip(1), (before, after) => after - before).Min();
        Assert.True(least < calls * 24 * 2, $"{least} bytes in {calls} calls");
    }

    private static unsafe nint Address(float[] pinned)
    {
        fixed (float* first = pinned)
        {
            return (nint)first;
        }
    }
}
