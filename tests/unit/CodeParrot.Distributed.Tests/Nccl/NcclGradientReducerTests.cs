using CodeParrot.Distributed.Nccl;

namespace CodeParrot.Distributed.Tests.Nccl;

[Collection(nameof(FakeGpus))]
public sealed class NcclGradientReducerTests
{
    private const int Bucket = 1000;

    [Fact]
    public async Task Buckets_are_queued_from_the_last_to_the_first_as_soon_as_they_are_complete()
    {
        using var world = await NcclWorld.OfAsync(1);
        var buffer = FakeGpus.Buffer(2500);
        using var reducer = NewReducer(world.Groups[0], buffer, Bucket);

        reducer.Start(1500, 1000);
        Assert.Equal(["all-reduce 500 Float32 Sum"], Collectives(world));
        reducer.Start(0, 700);
        Assert.Single(Collectives(world));
        reducer.Start(1000, 500);
        Assert.Equal(2, Collectives(world).Count);
        reducer.Finish();

        Assert.Equal(
            ["all-reduce 500 Float32 Sum", "all-reduce 1000 Float32 Sum", "all-reduce 1000 Float32 Sum"],
            Collectives(world)
        );
        Assert.Equal(["record on nccl", "torch waits", "host waits"], world.Gpus.Calls[0][^3..]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 999)]
    [InlineData(3, 2500)]
    public async Task A_backward_pass_that_fills_the_buffer_piece_by_piece_gives_the_sums(int worldSize, int length)
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            using var world = await NcclWorld.OfAsync(worldSize, seed);
            var buffers = Enumerable.Range(0, worldSize).Select(_ => FakeGpus.Buffer(length)).ToArray();
            var optimised = new float[worldSize][];

            world.Run(group =>
            {
                var (rank, buffer) = (group.Rank, buffers[group.Rank]);
                using var reducer = NewReducer(group, buffer, Bucket);
                for (var step = 1; step <= 2; step++)
                {
                    var end = length;
                    while (end > 0)
                    {
                        // Each rank in pieces of its own: what is queued may depend on the grid only.
                        var start = Math.Max(0, end - 300 - (100 * rank));
                        var (from, to, value) = (start, end, step * (rank + 1));
                        world.Gpus.Torch(rank, () => buffer.AsSpan(from..to).Fill(value));
                        reducer.Start(start, end - start);
                        end = start;
                    }

                    reducer.Finish();
                    world.Gpus.Torch(rank, () => optimised[rank] = [.. buffer]);
                }
            });
            world.Gpus.Drain();

            var sum = worldSize * (worldSize + 1);
            Assert.All(optimised, values => Assert.All(values, value => Assert.Equal(sum, value)));
        }
    }

    [Fact]
    public async Task A_range_that_is_started_twice_is_a_bug_and_says_so()
    {
        using var world = await NcclWorld.OfAsync(1);
        var buffer = FakeGpus.Buffer(10);
        using var reducer = NewReducer(world.Groups[0], buffer, 10);
        reducer.Start(2, 4);

        var error = Assert.Throws<InvalidOperationException>(() => reducer.Start(5, 2));

        Assert.Contains("Elements 5 to 6", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => reducer.Start(8, 3));
    }

    [Fact]
    public async Task A_lost_peer_comes_out_of_finish_and_of_the_next_start()
    {
        using var world = await NcclWorld.OfAsync(2);
        var buffer = FakeGpus.Buffer(10);
        using var reducer = NewReducer(world.Groups[0], buffer, 5);
        reducer.Start(5, 5);
        world.Control[1].Kill();

        Assert.Equal(1, Assert.Throws<PeerLostException>(reducer.Finish).Rank);
        Assert.Throws<PeerLostException>(() => reducer.Start(0, 5));
    }

    [Fact]
    public async Task Owners_alone_get_the_sums_of_their_slices_and_parameters_come_back_to_all()
    {
        const int Length = 2500;
        using var world = await NcclWorld.OfAsync(3);
        var grid = new BucketGrid(Length, worldSize: 3, Bucket);
        var buffers = Enumerable.Range(0, 3).Select(_ => FakeGpus.Buffer(Length)).ToArray();

        world.Run(group =>
        {
            var (rank, buffer) = (group.Rank, buffers[group.Rank]);
            var address = FakeGpus.AddressOf(buffer);
            using var reducer = group.NewReducer(address, grid, ReducedTo.OwnerOnly, order: [1, 2, 0]);
            world.Gpus.Torch(rank, () => Array.Fill(buffer, rank + 1));
            reducer.Start(0, Length);
            reducer.Finish();
            // The optimiser: an owner changes its slices, and what the others hold there is out of date.
            world.Gpus.Torch(
                rank,
                () =>
                {
                    var own = grid.SlicesOf(rank).SelectMany(s => Enumerable.Range((int)s.Offset, s.Count)).ToHashSet();
                    for (var i = 0; i < Length; i++)
                    {
                        buffer[i] = own.Contains(i) ? buffer[i] + i : float.NaN;
                    }
                }
            );
            for (var bucket = 0; bucket < grid.Count; bucket++)
            {
                var slice = address + (nint)(grid.SliceOf(bucket, rank).Offset * sizeof(float));
                group.AllGather(slice, address + (nint)(grid.OffsetOf(bucket) * sizeof(float)), grid.CountOf(bucket));
            }

            group.Join();
            group.Await();
        });

        Assert.All(buffers, buffer => Assert.Equal(Enumerable.Range(0, Length).Select(i => 6f + i), buffer));
        Assert.Equal(
            ["reduce 334 Float32 Sum to 0", "reduce 333 Float32 Sum to 1"],
            world.Gpus.Calls[0].Where(call => call.StartsWith("reduce", StringComparison.Ordinal)).Take(2)
        );
    }

    [Fact]
    public async Task An_order_that_leaves_out_a_bucket_is_refused()
    {
        using var world = await NcclWorld.OfAsync(1);
        var grid = new BucketGrid(2500, worldSize: 1, Bucket);

        Assert.Throws<ArgumentException>(() => world.Groups[0].NewReducer(0, grid, ReducedTo.EveryRank, [0, 1, 1]));
    }

    private static IGradientReducer NewReducer(NcclGroup group, float[] buffer, int bucketElements) =>
        group.NewReducer(
            FakeGpus.AddressOf(buffer),
            new BucketGrid(buffer.Length, group.WorldSize, bucketElements),
            ReducedTo.EveryRank
        );

    private static List<string> Collectives(NcclWorld world) =>
        [.. world.Gpus.Calls[0].Where(call => call.StartsWith("all-reduce", StringComparison.Ordinal))];
}
