using CodeParrot.Distributed.Ring;

namespace CodeParrot.Distributed.Tests;

public sealed class WaitDumpTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 5, 0, TimeSpan.Zero);

    [Fact]
    public void The_rank_after_the_silent_one_names_everybody()
    {
        var heard = Heard(worldSize: 4, 3, 0);

        var dump = WaitDump.Write(new RingSeat(2, 4), Waiting(rank: 2, worldSize: 4), heard, Now);

        Assert.Equal(
            "rank 2 (this one) is in ReduceScatterFloat #17 of 1000 elements since 12:00:00 UTC (300 s) and waits for "
                + "rank 1; "
                + "rank 3 is in ReduceScatterFloat #17 of 1000 elements since 12:00:00 UTC (300 s) and waits for "
                + "rank 2; "
                + "rank 0 is in ReduceScatterFloat #17 of 1000 elements since 12:00:00 UTC (300 s) and waits for "
                + "rank 3; "
                + "rank 1 was not heard: it did not come to this collective, or hangs",
            dump
        );
    }

    [Fact]
    public void Who_stands_behind_the_silent_rank_is_not_blamed()
    {
        var seat = new RingSeat(0, 5);
        var heard = Heard(worldSize: 5, 1);

        Assert.Equal(2, WaitDump.FirstUnheard(seat, heard));
        var dump = WaitDump.Write(seat, Waiting(0, 5), heard, Now);
        Assert.Contains("rank 2 was not heard", dump, StringComparison.Ordinal);
        Assert.EndsWith("beyond it, not to be heard from here: 3, 4", dump, StringComparison.Ordinal);
    }

    [Fact]
    public void The_previous_rank_is_blamed_when_all_others_were_heard()
    {
        Assert.Equal(1, WaitDump.FirstUnheard(new RingSeat(2, 3), Heard(3, 0)));
        Assert.Equal(1, WaitDump.FirstUnheard(new RingSeat(0, 2), Heard(2)));
    }

    [Fact]
    public void Many_ranks_make_no_endless_message()
    {
        var heard = Heard(1000, [.. Enumerable.Range(4, 996), 0, 1]);

        var dump = WaitDump.Write(new RingSeat(3, 1000), Waiting(3, 1000), heard, Now);

        Assert.Contains("982 more ranks wait too; rank 2 was not heard", dump, StringComparison.Ordinal);
        Assert.InRange(dump.Length, 1000, 3000);
    }

    private static Dictionary<int, HeardRank> Heard(int worldSize, params int[] ranks) =>
        ranks.ToDictionary(rank => rank, rank => Waiting(rank, worldSize));

    private static HeardRank Waiting(int rank, int worldSize) =>
        new(
            new CollectiveCall(CollectiveKind.ReduceScatterFloat, 0, 17, 4000),
            new RingSeat(rank, worldSize).Previous,
            Now - TimeSpan.FromMinutes(5)
        );
}
