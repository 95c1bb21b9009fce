using CodeParrot.Distributed.Tests.InProcess;

namespace CodeParrot.Distributed.Tests;

public sealed class InProcessWorldTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1000)]
    [InlineData(5, 12_345)]
    public async Task It_gives_the_bits_of_the_ring(int worldSize, int length)
    {
        using var ring = await World.OfAsync(worldSize);
        var inputs = RingOrder.RandomInputs(worldSize, length);
        var expected = new float[worldSize][];
        ring.Run(group => expected[group.Rank] = UseAll(group, inputs[group.Rank]));

        var actual = new InProcessWorld(worldSize).Run(group => UseAll(group, inputs[group.Rank]));

        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(1024)]
    public void A_thousand_ranks_add_up(int worldSize)
    {
        var inputs = RingOrder.RandomInputs(worldSize, length: 1500);

        var sums = new InProcessWorld(worldSize).Run(group =>
        {
            var data = inputs[group.Rank].ToArray();
            group.AllReduceSum(data.AsSpan());
            return data;
        });

        var expected = RingOrder.Sum(inputs);
        Assert.All(sums, sum => Assert.Equal(expected, sum));
    }

    [Fact]
    public void Another_kind_length_root_or_order_is_told_apart()
    {
        AssertMismatch(group => group.AllReduceSum(new float[10]), group => group.AllReduceSum(new double[10]));
        AssertMismatch(group => group.AllReduceSum(new float[10]), group => group.AllReduceSum(new float[11]));
        AssertMismatch(group => group.Broadcast(new byte[1], 0), group => group.Broadcast(new byte[1], 2));
        AssertMismatch(
            group =>
            {
                group.Barrier();
                group.Broadcast(new byte[1], 0);
            },
            group =>
            {
                group.Broadcast(new byte[1], 0);
                group.Barrier();
            }
        );
    }

    [Fact]
    public void Ranks_that_divide_the_gradients_otherwise_are_told_apart()
    {
        var errors = new InProcessWorld(4).Catch(group =>
        {
            var data = GC.AllocateArray<float>(100, pinned: true);
            var grid = new BucketGrid(data.Length, group.WorldSize, bucketElements: group.Rank == 2 ? 20 : 10);
            using var reducer = new GradientReducer(group, Address(data), grid, ReducedTo.EveryRank);
            reducer.Finish();
        });

        Assert.Contains(errors, error => error is CollectiveMismatchException);
        Assert.DoesNotContain(null, errors);
    }

    [Fact]
    public void A_rank_that_never_comes_is_named()
    {
        using var over = new ManualResetEventSlim();

        var errors = new InProcessWorld(3, TimeSpan.FromSeconds(3)).Catch(group =>
        {
            if (group.Rank == 1)
            {
                over.Wait();
                return;
            }

            try
            {
                group.Barrier();
            }
            finally
            {
                over.Set();
            }
        });

        Assert.Equal(1, Assert.IsType<PeerLostException>(errors[0]).Rank);
        Assert.Contains("absent: 1", errors[2]!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_that_leaves_is_lost_to_the_others()
    {
        var errors = new InProcessWorld(3).Catch(group =>
        {
            if (group.Rank != 2)
            {
                group.Barrier();
            }
        });

        Assert.Equal([2, 2], errors.OfType<PeerLostException>().Select(error => error.Rank));
    }

    [Fact]
    public void What_a_reduce_scatter_leaves_over_is_no_number()
    {
        var left = new InProcessWorld(2).Run(group =>
        {
            float[] data = [1, 2];
            group.ReduceScatterSum(data, data.AsSpan(group.Rank, 1));
            return data;
        });

        Assert.Equal([2, float.NaN], left[0]);
        Assert.Equal([float.NaN, 4], left[1]);
    }

    private static float[] UseAll(IProcessGroup group, float[] input)
    {
        var (all, scattered, gathered) = (input.ToArray(), input.ToArray(), new float[input.Length]);
        var partition = new Partition(input.Length, group.WorldSize);
        var own = scattered.AsSpan((int)partition.Offset(group.Rank), (int)partition.Count(group.Rank));
        group.AllReduceSum(all.AsSpan());
        group.ReduceScatterSum(scattered, own);
        group.AllGather(own, gathered);
        double[] small = [group.Rank + 0.1, 1];
        group.AllReduceSum(small.AsSpan());
        byte[] told = [(byte)group.Rank];
        group.Broadcast(told, root: group.WorldSize - 1);
        group.Barrier();
        return [.. all, .. own, .. gathered, .. small.Select(value => (float)value), told[0]];
    }

    private static void AssertMismatch(Action<IProcessGroup> usual, Action<IProcessGroup> odd)
    {
        var errors = new InProcessWorld(3).Catch(group => (group.Rank == 1 ? odd : usual)(group));

        var mismatch = Assert.IsType<CollectiveMismatchException>(errors[1] ?? errors[0]);
        Assert.Contains(1, new[] { mismatch.Rank, mismatch.OtherRank });
    }

    private static unsafe nint Address(float[] pinned)
    {
        fixed (float* first = pinned)
        {
            return (nint)first;
        }
    }
}
