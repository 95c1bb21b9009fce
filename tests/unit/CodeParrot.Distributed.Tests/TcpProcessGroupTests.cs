using System.Runtime.InteropServices;

namespace CodeParrot.Distributed.Tests;

public sealed class TcpProcessGroupTests
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 5, 17, 1000, 100_003, 300_001];

    public static TheoryData<int> WorldSizes => [1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(WorldSizes))]
    public async Task All_reduce_gives_every_rank_the_bits_of_a_serial_sum_in_ring_order(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);

        foreach (var length in Lengths)
        {
            var inputs = RingOrder.RandomInputs(worldSize, length);
            var expected = RingOrder.Sum(inputs);
            world.Run(group => group.AllReduceSum(inputs[group.Rank].AsSpan()));

            foreach (var result in inputs)
            {
                Assert.True(SameBits(expected, result), $"length {length}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(WorldSizes))]
    public async Task Doubles_are_summed_alike_on_all_ranks(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);

        foreach (var length in new[] { 0, 1, 3, 4099 })
        {
            var data = Enumerable
                .Range(0, worldSize)
                .Select(rank => Enumerable.Range(0, length).Select(index => rank * 1e9 + index).ToArray())
                .ToArray();
            world.Run(group => group.AllReduceSum(data[group.Rank].AsSpan()));

            // Whole numbers below 2^53: the sum is exact in any order.
            var expected = Enumerable
                .Range(0, length)
                .Select(index => worldSize * (worldSize - 1) / 2 * 1e9 + (double)index * worldSize);
            Assert.All(data, result => Assert.Equal(expected, result));
        }
    }

    [Theory]
    [MemberData(nameof(WorldSizes))]
    public async Task Reduce_scatter_leaves_each_rank_its_slice_of_the_all_reduce(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);

        foreach (var length in Lengths)
        {
            var inputs = RingOrder.RandomInputs(worldSize, length);
            var expected = RingOrder.Sum(inputs);
            var partition = new Partition(length, worldSize);
            world.Run(group =>
            {
                var slice = new float[partition.Count(group.Rank)];
                group.ReduceScatterSum(inputs[group.Rank], slice);

                var own = expected.AsSpan((int)partition.Offset(group.Rank), slice.Length);
                Assert.True(SameBits(own, slice), $"length {length}, rank {group.Rank}");
            });
        }
    }

    [Theory]
    [MemberData(nameof(WorldSizes))]
    public async Task All_gather_puts_every_slice_at_its_place(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);

        foreach (var length in Lengths)
        {
            var whole = RingOrder.RandomInputs(1, length)[0];
            var partition = new Partition(length, worldSize);
            world.Run(group =>
            {
                var data = new float[length];
                var (offset, count) = ((int)partition.Offset(group.Rank), (int)partition.Count(group.Rank));
                group.AllGather(whole.AsSpan(offset, count), data);

                Assert.True(SameBits(whole, data), $"length {length}, rank {group.Rank}");
            });
        }
    }

    [Theory]
    [MemberData(nameof(WorldSizes))]
    public async Task Broadcast_copies_the_root_to_all(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);

        foreach (var length in new[] { 0, 1, 70_001, 1_000_003 })
        {
            for (var root = 0; root < worldSize; root++)
            {
                var data = Enumerable.Range(0, worldSize).Select(rank => new byte[length]).ToArray();
                new Random(root).NextBytes(data[root]);
                var expected = data[root].ToArray();
                world.Run(group => group.Broadcast(data[group.Rank], root));

                Assert.All(data, result => Assert.True(expected.AsSpan().SequenceEqual(result)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(WorldSizes))]
    public async Task Nobody_leaves_a_barrier_before_the_last_has_come(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);
        var arrived = 0;

        for (var repeat = 1; repeat <= 20; repeat++)
        {
            world.Run(group =>
            {
                Interlocked.Increment(ref arrived);
                group.Barrier();

                Assert.True(Volatile.Read(ref arrived) >= repeat * worldSize);
            });
        }
    }

    private static bool SameBits(ReadOnlySpan<float> left, ReadOnlySpan<float> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));
}
