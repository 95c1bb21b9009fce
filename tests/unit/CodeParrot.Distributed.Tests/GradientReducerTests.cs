namespace CodeParrot.Distributed.Tests;

public sealed class GradientReducerTests
{
    private const int Bucket = 1000;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 999)]
    [InlineData(3, 1000)]
    [InlineData(4, 12_345)]
    public async Task Any_order_of_starts_gives_the_bits_of_the_same_buckets_reduced_one_by_one(
        int worldSize,
        int length
    )
    {
        using var world = await World.OfAsync(worldSize);

        for (var step = 0; step < 4; step++)
        {
            var inputs = RingOrder.RandomInputs(worldSize, length, seed: step);
            var expected = inputs[0].ToArray();
            for (var offset = 0; offset < length; offset += Bucket)
            {
                var end = Math.Min(offset + Bucket, length);
                RingOrder.Sum([.. inputs.Select(input => input[offset..end])]).CopyTo(expected, offset);
            }

            world.Run(group =>
            {
                // Every rank cuts and orders its ranges in its own way, and leaves some to Finish.
                Reduce(group, inputs[group.Rank], new Random(100 * step + group.Rank));

                Assert.Equal(expected, inputs[group.Rank]);
            });
        }
    }

    [Fact]
    public async Task The_next_step_begins_clean()
    {
        using var world = await World.OfAsync(2);

        world.Run(group =>
        {
            var data = GC.AllocateArray<float>(2500, pinned: true);
            using var reducer = Over(group, data);
            for (var step = 1; step <= 3; step++)
            {
                Array.Fill(data, step);
                reducer.Start(0, data.Length);
                reducer.Finish();

                Assert.All(data, value => Assert.Equal(2 * step, value));
            }
        });
    }

    [Fact]
    public void Buckets_are_reduced_before_finish_as_soon_as_they_are_complete()
    {
        using var group = new CountingGroup();
        var data = GC.AllocateArray<float>(2500, pinned: true);
        using var reducer = Over(group, data);

        reducer.Start(1500, 1000);
        var first = group.Next();
        reducer.Start(1000, 500);
        var second = group.Next();
        reducer.Finish();

        Assert.Equal((500, 1000, 1000), (first, second, group.Next()));
    }

    [Fact]
    public void A_range_that_is_started_twice_is_a_bug_and_says_so()
    {
        using var group = new SingleProcessGroup();
        var data = GC.AllocateArray<float>(10, pinned: true);
        using var reducer = Over(group, data);
        reducer.Start(2, 4);

        var error = Assert.Throws<InvalidOperationException>(() => reducer.Start(5, 2));

        Assert.Contains("Elements 5 to 6", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => reducer.Start(8, 3));
    }

    [Fact]
    public async Task A_lost_peer_comes_out_of_finish()
    {
        using var world = await World.OfAsync(2, TimeSpan.FromMinutes(5));
        var data = GC.AllocateArray<float>(100_000, pinned: true);
        using var reducer = Over(world.Groups[0], data);
        world.Groups[1].Kill();

        Assert.Equal(1, Assert.Throws<PeerLostException>(reducer.Finish).Rank);
        Assert.Throws<PeerLostException>(() => reducer.Start(0, 1));
    }

    [Fact]
    public async Task Disposing_in_the_middle_of_a_step_does_not_wait_for_the_others()
    {
        using var world = await World.OfAsync(2, TimeSpan.FromMinutes(5));
        var data = GC.AllocateArray<float>(10, pinned: true);
        var reducer = Over(world.Groups[0], data);
        reducer.Start(0, 10);

        reducer.Dispose();

        Assert.IsType<PeerLostException>(Record.Exception(() => world.Groups[1].AllReduceSum(new float[10])));
    }

    [Theory]
    [InlineData(2, 2500)]
    [InlineData(3, 2)]
    [InlineData(4, 12_345)]
    public async Task Owners_get_the_bits_that_every_rank_gets_otherwise(int worldSize, int length)
    {
        using var world = await World.OfAsync(worldSize);
        var inputs = RingOrder.RandomInputs(worldSize, length);
        var grid = new BucketGrid(length, worldSize, Bucket);
        var slices = grid.SlicesOf(1).ToList();
        float[]? expected = null;
        float[]? actual = null;

        world.Run(group =>
        {
            var (all, own) = (Pinned(inputs[group.Rank]), Pinned(inputs[group.Rank]));
            using (var reducer = Over(group, all))
            {
                reducer.Finish();
            }

            using (var reducer = new GradientReducer(group, Address(own), grid, ReducedTo.OwnerOnly))
            {
                reducer.Start(0, length);
                reducer.Finish();
            }

            if (group.Rank == 1)
            {
                (expected, actual) = (all, own);
            }
        });

        Assert.All(slices, s => Assert.Equal(Cut(expected!, s), Cut(actual!, s)));

        static float[] Cut(float[] data, (long Offset, int Count) slice) =>
            data.AsSpan((int)slice.Offset, slice.Count).ToArray();
    }

    [Fact]
    public void Buckets_are_reduced_in_the_order_that_was_fixed()
    {
        using var group = new CountingGroup();
        var data = GC.AllocateArray<float>(2500, pinned: true);
        var grid = new BucketGrid(data.Length, worldSize: 1, Bucket);
        using var reducer = new GradientReducer(group, Address(data), grid, ReducedTo.EveryRank, [1, 2, 0]);

        reducer.Start(2000, 500);
        reducer.Start(1000, 1000);
        var (first, second) = (group.Next(), group.Next());
        reducer.Finish();

        Assert.Equal((1000, 500, 1000), (first, second, group.Next()));
        Assert.Throws<ArgumentException>(() =>
            new GradientReducer(group, Address(data), grid, ReducedTo.EveryRank, [1, 1, 0])
        );
    }

    private static GradientReducer Over(IProcessGroup group, float[] pinned) =>
        new(group, Address(pinned), new BucketGrid(pinned.Length, group.WorldSize, Bucket), ReducedTo.EveryRank);

    private static float[] Pinned(float[] data)
    {
        var copy = GC.AllocateArray<float>(data.Length, pinned: true);
        data.CopyTo(copy, 0);
        return copy;
    }

    private static void Reduce(IProcessGroup group, float[] input, Random random)
    {
        var data = Pinned(input);
        using (var reducer = Over(group, data))
        {
            var cuts = Enumerable.Range(0, 6).Select(_ => random.Next(data.Length + 1)).Append(0).Append(data.Length);
            var edges = cuts.Order().ToList();
            var ranges = edges.Zip(edges.Skip(1)).ToArray();
            random.Shuffle(ranges);
            foreach (var (start, end) in ranges.Skip(1))
            {
                reducer.Start(start, end - start);
                Thread.SpinWait(random.Next(20_000));
            }

            reducer.Finish();
        }

        data.CopyTo(input, 0);
    }

    private static unsafe nint Address(float[] pinned)
    {
        fixed (float* first = pinned)
        {
            return (nint)first;
        }
    }
}
