using CodeParrot.Distributed.Cuda;
using CodeParrot.Distributed.Native;

namespace CodeParrot.Distributed.Tests.Nccl;

[Collection(nameof(FakeGpus))]
public sealed class NcclGroupTests
{
    private const string Init = "40 bytes, cafebeef, 21700, blocking 0";

    [Fact]
    public async Task A_collective_waits_for_torch_and_torch_for_the_collective()
    {
        using var world = await NcclWorld.OfAsync(1);
        var buffer = FakeGpus.Buffer(8);

        world.Run(group =>
        {
            group.AllReduceSum(FakeGpus.AddressOf(buffer), 8);
            group.Join();
            group.Await();
        });

        string[] expected =
        [
            $"init rank 0 of 1: {Init}",
            "stream flags 1",
            "event flags 3",
            "event flags 3",
            "record on torch",
            "nccl waits",
            "all-reduce 8 Float32 Sum",
            "record on nccl",
            "torch waits",
            "host waits",
        ];
        Assert.Equal(expected, world.Gpus.Calls[0]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task In_any_order_of_the_streams_every_rank_gets_what_all_ranks_computed(int worldSize)
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            using var world = await NcclWorld.OfAsync(worldSize, seed);
            var buffers = Enumerable.Range(0, worldSize).Select(_ => FakeGpus.Buffer(10)).ToArray();
            var after = new float[worldSize][];

            world.Run(group =>
            {
                var (rank, buffer) = (group.Rank, buffers[group.Rank]);
                world.Gpus.Torch(rank, () => Array.Fill(buffer, rank + 1));
                group.AllReduceSum(FakeGpus.AddressOf(buffer), buffer.Length);
                group.Join();
                world.Gpus.Torch(rank, () => after[rank] = [.. buffer]);
                group.Await();
            });
            world.Gpus.Drain();

            var sum = worldSize * (worldSize + 1) / 2f;
            Assert.All(after, values => Assert.All(values, value => Assert.Equal(sum, value)));
        }
    }

    [Theory]
    [InlineData(12, "reduce-scatter 4 Float32 Sum", "all-gather 4 Float32")]
    [InlineData(11, "reduce 4 Float32 Sum to 0", "broadcast 4 Float32 from 0")]
    [InlineData(2, "reduce 1 Float32 Sum to 0", "broadcast 1 Float32 from 0")]
    public async Task Slices_are_those_of_the_partition_also_where_they_differ(
        int length,
        string scatter,
        string gather
    )
    {
        using var world = await NcclWorld.OfAsync(3);
        var buffers = Enumerable.Range(0, 3).Select(_ => FakeGpus.Buffer(length)).ToArray();
        var slices = new Partition(length, 3);
        foreach (var (rank, buffer) in buffers.Index())
        {
            for (var i = 0; i < length; i++)
            {
                buffer[i] = (10 * i) + rank;
            }
        }

        world.Run(group =>
        {
            group.ReduceScatterSum(FakeGpus.AddressOf(buffers[group.Rank]), length);
            group.Await();
        });
        var sums = buffers.Index().SelectMany(b => Slice(b.Item, slices, b.Index)).ToArray();
        var apart = buffers.Select((buffer, rank) => Pinned(Slice(buffer, slices, rank))).ToArray();
        Array.ForEach(buffers, buffer => Array.Fill(buffer, float.NaN));

        world.Run(group =>
        {
            var own = FakeGpus.AddressOf(apart[group.Rank]);
            group.AllGather(own, FakeGpus.AddressOf(buffers[group.Rank]), length);
            group.Await();
        });

        Assert.Equal(Enumerable.Range(0, length).Select(i => (30f * i) + 3), sums);
        Assert.All(buffers, buffer => Assert.Equal(sums, buffer));
        Assert.Contains(scatter, world.Gpus.Calls[1]);
        Assert.Contains(gather, world.Gpus.Calls[1]);
    }

    [Fact]
    public async Task Bytes_come_from_the_root()
    {
        using var world = await NcclWorld.OfAsync(2);
        float[][] buffers = [FakeGpus.Buffer(4), FakeGpus.Buffer(4)];
        Array.Fill(buffers[1], 7);

        world.Run(group =>
        {
            group.Broadcast(FakeGpus.AddressOf(buffers[group.Rank]), 4 * sizeof(float), root: 1);
            group.Await();
        });

        Assert.Equal([7, 7, 7, 7], buffers[0]);
        Assert.Contains("broadcast 16 UInt8 from 1", world.Gpus.Calls[0]);
    }

    [Fact]
    public async Task A_call_in_progress_is_waited_for_before_the_event_after_it_is_recorded()
    {
        using var world = await NcclWorld.OfAsync(1, change: gpus => gpus.InProgressAnswers = 5);
        var buffer = FakeGpus.Buffer(8);

        world.Run(group =>
        {
            group.AllReduceSum(FakeGpus.AddressOf(buffer), 8);
            group.Await();
        });

        Assert.Equal(["all-reduce 8 Float32 Sum", "record on nccl", "host waits"], world.Gpus.Calls[0][^3..]);
        Assert.Equal(0, FakeNccl.AnswersLeft);
    }

    [Fact]
    public async Task A_call_that_stays_in_progress_ends_at_the_deadline()
    {
        using var world = await NcclWorld.OfAsync(1);
        var buffer = FakeGpus.Buffer(8);
        world.Gpus.InProgressAnswers = int.MaxValue;
        world.Gpus.Asked = () => world.Time.Advance(TimeSpan.FromSeconds(1));

        var error = world.Catch(group => group.AllReduceSum(FakeGpus.AddressOf(buffer), 8))[0];

        Assert.Contains("still in progress after 30 s", Assert.IsType<PeerLostException>(error).Message);
        Assert.Equal("abort", world.Gpus.Calls[0][^1]);
    }

    [Fact]
    public async Task An_asynchronous_error_aborts_and_is_a_lost_peer()
    {
        using var world = await NcclWorld.OfAsync(2);
        var buffer = FakeGpus.Buffer(8);
        // The other rank never comes: the kernel on this device would wait for it for good.
        var waiting = world.Groups[0];
        waiting.AllReduceSum(FakeGpus.AddressOf(buffer), 8);
        world.Gpus.AsyncErrors[0] = NcclResult.RemoteError;

        waiting.Look();

        var error = Assert.Throws<PeerLostException>(() => waiting.AllReduceSum(FakeGpus.AddressOf(buffer), 8));
        Assert.Equal(PeerLostException.Unknown, error.Rank);
        Assert.StartsWith("Lost a rank during a queued collective", error.Message, StringComparison.Ordinal);
        Assert.Throws<PeerLostException>(waiting.Await);
        Assert.Single(world.Gpus.Calls[0], "abort");
    }

    [Fact]
    public async Task Work_that_stands_still_is_aborted_at_the_deadline_which_ends_the_wait_for_it()
    {
        using var world = await NcclWorld.OfAsync(2);
        var buffer = FakeGpus.Buffer(8);
        var errors = new Exception?[2];
        world.Groups[0].AllReduceSum(FakeGpus.AddressOf(buffer), 8);
        var other = new Thread(() => errors[1] = Record.Exception(world.Control[1].Barrier));
        var waiting = new Thread(() => errors[0] = Record.Exception(world.Groups[0].Await));
        other.Start();
        waiting.Start();
        other.Join();

        world.Groups[0].Look();
        Assert.DoesNotContain("abort", world.Gpus.Calls[0]);
        world.Time.Advance(NcclWorld.Deadline + TimeSpan.FromSeconds(1));
        world.Groups[0].Look();
        waiting.Join();

        Assert.Null(errors[1]);
        Assert.Contains("nothing moved for 30 s", Assert.IsType<PeerLostException>(errors[0]).Message);
    }

    [Fact]
    public async Task A_rank_that_died_shows_before_the_host_waits_for_the_device()
    {
        using var world = await NcclWorld.OfAsync(2);
        var buffer = FakeGpus.Buffer(8);
        world.Groups[0].AllReduceSum(FakeGpus.AddressOf(buffer), 8);
        world.Control[1].Kill();

        var error = Assert.Throws<PeerLostException>(world.Groups[0].Await);

        Assert.Equal(1, error.Rank);
        Assert.Equal("abort", world.Gpus.Calls[0][^1]);
    }

    [Fact]
    public async Task A_broken_device_is_named_and_not_the_peers()
    {
        using var world = await NcclWorld.OfAsync(1);
        var buffer = FakeGpus.Buffer(8);
        world.Groups[0].AllReduceSum(FakeGpus.AddressOf(buffer), 8);
        world.Gpus.Drain();
        world.Gpus.LastError = 719;

        var error = Assert.Throws<GpuFaultException>(world.Groups[0].Await);

        Assert.Equal(719, error.Code);
        Assert.Throws<GpuFaultException>(world.Groups[0].Join);
        Assert.Equal("abort", world.Gpus.Calls[0][^1]);
    }

    [Fact]
    public async Task An_error_of_nccl_on_a_broken_device_is_the_device_s()
    {
        using var world = await NcclWorld.OfAsync(1);
        world.Gpus.AsyncErrors[0] = NcclResult.UnhandledCudaError;
        world.Gpus.LastError = 700;

        world.Groups[0].Look();

        Assert.Throws<GpuFaultException>(world.Groups[0].Await);
    }

    [Fact]
    public async Task An_error_that_is_neither_names_the_call()
    {
        using var world = await NcclWorld.OfAsync(1);
        world.Gpus.AsyncErrors[0] = NcclResult.InternalError;

        world.Groups[0].Look();

        var error = Assert.Throws<Distributed.Nccl.NcclException>(world.Groups[0].Await);
        Assert.Equal(3, error.Code);
    }

    [Fact]
    public async Task A_round_that_ends_well_is_left_in_order_and_leaves_nothing_behind()
    {
        var world = await NcclWorld.OfAsync(2);
        var buffers = new[] { FakeGpus.Buffer(8), FakeGpus.Buffer(8) };
        world.Run(group =>
        {
            group.AllReduceSum(FakeGpus.AddressOf(buffers[group.Rank]), 8);
            group.Await();
        });

        world.Dispose();

        Assert.Equal(["finalize", "destroy"], world.Gpus.Calls[0][^2..]);
        Assert.Empty(world.Gpus.Living);
    }

    [Fact]
    public async Task A_round_that_is_left_with_work_unfinished_is_aborted()
    {
        var world = await NcclWorld.OfAsync(2);
        world.Groups[0].AllReduceSum(FakeGpus.AddressOf(FakeGpus.Buffer(8)), 8);

        world.Dispose();

        Assert.Equal("abort", world.Gpus.Calls[0][^1]);
        Assert.Empty(world.Gpus.Living);
    }

    [Fact]
    public async Task A_rank_that_does_not_come_in_time_is_a_lost_peer()
    {
        using var gpus = new FakeGpus(1) { InProgressAnswers = int.MaxValue };
        using var world = await World.OfAsync(1);
        var time = new ManualTime();
        gpus.Asked = () => time.Advance(TimeSpan.FromSeconds(1));

        var error = Assert.Throws<PeerLostException>(() =>
            Distributed.Nccl.NcclGroup.Connect(
                world.Groups[0],
                FakeGpus.Cuda,
                FakeGpus.Nccl(),
                device: 0,
                NcclWorld.Deadline,
                time
            )
        );

        Assert.StartsWith("Lost a rank during the connection of NCCL", error.Message, StringComparison.Ordinal);
        Assert.Equal("abort", gpus.Calls[0][^1]);
        Assert.Empty(gpus.Living);
    }

    private static float[] Pinned(float[] values)
    {
        // At least one element: an empty array has no address.
        var pinned = FakeGpus.Buffer(Math.Max(1, values.Length));
        values.CopyTo(pinned, 0);
        return pinned;
    }

    private static float[] Slice(float[] buffer, Partition slices, int rank) =>
        buffer.AsSpan((int)slices.Offset(rank), (int)slices.Count(rank)).ToArray();
}
