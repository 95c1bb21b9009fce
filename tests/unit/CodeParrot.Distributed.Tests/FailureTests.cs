using System.Diagnostics;

namespace CodeParrot.Distributed.Tests;

public sealed class FailureTests
{
    // Nobody waits for the deadline of five minutes; how soon they know is the machine's affair.
    private static readonly TimeSpan Prompt = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    public async Task A_rank_that_dies_in_a_collective_is_named_by_all_survivors_at_once(int worldSize, int victim)
    {
        using var world = await World.OfAsync(worldSize, TimeSpan.FromMinutes(5));
        var clock = Stopwatch.StartNew();

        var errors = world.Catch(group =>
        {
            if (group.Rank == victim)
            {
                // The sockets close as they do when the process is killed: without a goodbye.
                group.Kill();
                return;
            }

            group.AllReduceSum(new float[1_000_000]);
        });

        Assert.True(clock.Elapsed < Prompt, $"took {clock.Elapsed}");
        foreach (var group in world.Groups.Where(group => group.Rank != victim))
        {
            var lost = Assert.IsType<PeerLostException>(errors[group.Rank]);
            Assert.Equal(victim, lost.Rank);
            Assert.StartsWith("AllReduceFloat #1 (4000000 bytes)", lost.Operation, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_rank_that_dies_in_the_middle_of_a_transfer_frees_all_that_wait_for_it()
    {
        using var world = await World.OfAsync(4, TimeSpan.FromMinutes(5));
        var clock = Stopwatch.StartNew();
        using var killer = new Timer(_ => world.Groups[2].Kill(), state: null, dueTime: 60, period: Timeout.Infinite);

        var errors = world.Catch(group =>
        {
            var data = new float[3_000_000];
            while (true)
            {
                group.AllReduceSum(data);
            }
        });

        Assert.True(clock.Elapsed < Prompt, $"took {clock.Elapsed}");
        Assert.All(errors.Where((_, rank) => rank != 2), error => Assert.IsType<PeerLostException>(error));
    }

    [Fact]
    public async Task A_rank_that_left_in_good_order_is_lost_to_those_who_go_on()
    {
        using var world = await World.OfAsync(3, TimeSpan.FromMinutes(5));
        world.Run(group => group.Barrier());

        var errors = world.Catch(group =>
        {
            if (group.Rank == 1)
            {
                group.Dispose();
                return;
            }

            group.AllReduceSum(new float[1_000_000]);
        });

        Assert.IsType<PeerLostException>(errors[0]);
        Assert.Equal(1, Assert.IsType<PeerLostException>(errors[2]).Rank);
    }

    [Fact]
    public async Task Leaving_after_the_last_collective_disturbs_nobody()
    {
        for (var repeat = 0; repeat < 10; repeat++)
        {
            using var world = await World.OfAsync(4);

            world.Run(group =>
            {
                group.AllReduceSum(new float[50_000]);
                group.Barrier();
                group.Dispose();
            });
        }
    }

    [Fact]
    public async Task A_rank_that_never_comes_is_lost_at_the_deadline()
    {
        using var world = await World.OfAsync(2, TimeSpan.FromMilliseconds(150));

        var errors = world.Catch(group =>
        {
            if (group.Rank == 0)
            {
                group.Barrier();
            }
        });

        Assert.Equal(1, Assert.IsType<PeerLostException>(errors[0]).Rank);
        Assert.Contains("0.2 s", errors[0]!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 3)]
    public async Task All_ranks_blame_the_one_that_stands_still_and_the_next_one_names_who_waits(
        int worldSize,
        int silent
    )
    {
        using var world = await World.OfAsync(worldSize, TimeSpan.FromSeconds(4));
        world.Run(group => group.Barrier());

        var errors = world.Catch(group =>
        {
            if (group.Rank != silent)
            {
                group.AllReduceSum(new float[1_000_000]);
            }
        });

        for (var distance = 1; distance < worldSize; distance++)
        {
            var rank = (silent + distance) % worldSize;
            Assert.Equal((rank, silent), (rank, Assert.IsType<PeerLostException>(errors[rank]).Rank));
            // The rank right after it waits for it; all others wait, one for another.
            Assert.Contains(
                $"rank {rank}{(distance == 1 ? " (this one)" : "")} is in AllReduceFloat #2 of 1000000 elements since ",
                errors[(silent + 1) % worldSize]!.Message,
                StringComparison.Ordinal
            );
            Assert.Contains($"rank {silent} was not heard", errors[rank]!.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_broken_group_throws_its_first_failure_again()
    {
        using var world = await World.OfAsync(2);
        world.Groups[1].Kill();
        var first = Record.Exception(() => world.Groups[0].Barrier());

        var again = Record.Exception(() => world.Groups[0].AllReduceSum(new float[3]));

        Assert.IsType<PeerLostException>(first);
        Assert.Same(first, again);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Different_collectives_are_told_apart_instead_of_summed(int worldSize)
    {
        using var world = await World.OfAsync(worldSize);
        var data = Enumerable.Range(0, worldSize).Select(_ => new float[1000]).ToArray();

        var errors = world.Catch(group =>
        {
            if (group.Rank == 1)
            {
                group.Broadcast(new byte[64], root: 0);
            }
            else
            {
                group.AllReduceSum(data[group.Rank].AsSpan());
            }
        });

        foreach (var error in errors)
        {
            var mismatch = Assert.IsType<CollectiveMismatchException>(error);
            var calls = new[] { mismatch.Call, mismatch.OtherCall }.Order().ToArray();
            Assert.Equal("AllReduceFloat #1 (4000 bytes)", calls[0]);
            Assert.Equal("Broadcast #1 (64 bytes from rank 0)", calls[1]);
            Assert.Contains(1, new[] { mismatch.Rank, mismatch.OtherRank });
        }
    }

    [Fact]
    public async Task Different_lengths_are_told_apart_too()
    {
        using var world = await World.OfAsync(2);

        var errors = world.Catch(group => group.AllReduceSum(new float[10 + group.Rank]));

        Assert.All(errors, error => Assert.IsType<CollectiveMismatchException>(error));
    }

    [Fact]
    public async Task Disposing_ends_a_collective_that_waits_on_another_thread()
    {
        using var world = await World.OfAsync(2, TimeSpan.FromMinutes(5));
        var group = world.Groups[0];
        Exception? error = null;
        var waiting = new Thread(() => error = Record.Exception(group.Barrier));
        waiting.Start();
        SpinWait.SpinUntil(() => waiting.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), 50);

        group.Dispose();
        waiting.Join();

        Assert.IsType<ObjectDisposedException>(error);
    }

    [Fact]
    public async Task Slices_of_the_wrong_length_are_refused_before_anything_is_sent()
    {
        using var world = await World.OfAsync(2);
        var group = world.Groups[0];

        Assert.Throws<ArgumentException>(() => group.ReduceScatterSum(new float[5], new float[2]));
        Assert.Throws<ArgumentException>(() => group.AllGather(new float[2], new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Broadcast(new byte[1], root: 2));
        world.Run(rank => rank.Barrier());
    }
}
