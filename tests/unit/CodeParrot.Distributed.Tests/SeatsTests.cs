using CodeParrot.Distributed.Coordination;

namespace CodeParrot.Distributed.Tests;

public sealed class SeatsTests
{
    [Fact]
    public async Task A_newer_generation_takes_the_seat_of_an_older_one_which_is_told_so()
    {
        var seats = new Seats(worldSize: 2);
        var old = seats.Take(Request(1, generation: 0), out _)!;

        var replacement = seats.Take(Request(1, generation: 2), out var refusal);
        seats.Leave(1, old);
        seats.Take(Request(0, generation: 0), out _);

        Assert.Null(refusal);
        var told = await old.ReadAllAsync().ToListAsync();
        Assert.Equal(
            new Refusal(RefusalReason.OlderGeneration, "generation 2 of rank 1", "generation 0"),
            told[^1].Refusal
        );
        var agreed = (await replacement!.ReadAllAsync().ToListAsync())[^1].Agreement!;
        Assert.Equal([0, 2], agreed.Members.Select(member => member.Generation));
    }

    [Fact]
    public void An_older_generation_is_refused_and_an_equal_one_while_it_lives()
    {
        var seats = new Seats(worldSize: 2);
        seats.Take(Request(1, generation: 1), out _);

        Assert.Null(seats.Take(Request(1, generation: 0), out var older));
        Assert.Null(seats.Take(Request(1, generation: 1), out var equal));

        Assert.Equal(RefusalReason.OlderGeneration, older!.Reason);
        Assert.Equal(RefusalReason.DuplicateRank, equal!.Reason);
    }

    [Fact]
    public async Task What_a_rank_knows_of_the_last_round_shows_a_straggler_out_that_came_before_it()
    {
        var seats = new Seats(worldSize: 3);
        var straggler = seats.Take(Request(2, generation: 0), out _)!;

        var knowing = seats.Take(Request(1, generation: 0, known: [0, 0, 4]), out _)!;
        var again = seats.Take(Request(2, generation: 3), out var refusal);

        Assert.Equal(RefusalReason.OlderGeneration, (await straggler.ReadAllAsync().ToListAsync())[^1].Refusal!.Reason);
        Assert.True(knowing.TryRead(out var waiting));
        Assert.Equal([0, 2], waiting.Missing!);
        Assert.Null(again);
        Assert.Equal("generation 4 of rank 2", refusal!.Expected);
    }

    [Fact]
    public void A_replacement_that_comes_when_the_round_is_made_may_try_again()
    {
        var seats = new Seats(worldSize: 2);
        seats.Take(Request(0, generation: 0), out _);
        seats.Take(Request(1, generation: 0), out _);

        var late = seats.Take(Request(1, generation: 1), out var refusal);

        Assert.Null(late);
        Assert.Null(refusal);
    }

    [Fact]
    public async Task Behind_a_round_of_fewer_its_members_are_waited_for_and_nobody_else()
    {
        var seats = new Seats(worldSize: 4, awaited: [0, 2]);
        var guest = seats.Take(Request(3, generation: 1), out _)!;
        seats.Take(Request(2, generation: 0), out _);

        Assert.False(seats.Agreed.TryPeek(out _));
        seats.Take(Request(0, generation: 0), out _);

        var told = await guest.ReadAllAsync().ToListAsync();
        Assert.Equal([0, 2, 3], told[^1].Agreement!.Members.Select(member => member.Rank));
    }

    [Fact]
    public async Task Who_is_in_hears_when_the_wait_begins()
    {
        var seats = new Seats(worldSize: 3);
        var guest = seats.Take(Request(2, generation: 0), out _)!;
        await guest.ReadAsync();

        seats.BeginWaiting();

        Assert.True(guest.TryRead(out var told));
        Assert.Equal((ReplyKind.Waiting, "0 1"), (told.Kind, string.Join(' ', told.Missing!)));
    }

    [Fact]
    public void A_list_of_generations_that_is_longer_than_the_world_does_no_harm()
    {
        var seats = new Seats(worldSize: 1);

        var replies = seats.Take(Request(0, generation: 1, known: [1, 1, 1]), out var refusal);

        Assert.NotNull(replies);
        Assert.Null(refusal);
    }

    private static JoinRequest Request(int rank, int generation, int[]? known = null) =>
        new(
            "run",
            Attempt: 1,
            WorldSize: 2,
            LastRound: 0,
            new Member(rank, "host", Port: 1, World.Empty(), generation),
            known
        );
}
