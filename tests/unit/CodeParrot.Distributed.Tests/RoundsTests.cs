namespace CodeParrot.Distributed.Tests;

public sealed class RoundsTests
{
    [Fact]
    public async Task Survivors_and_a_replacement_make_the_next_round_with_the_newest_state_as_its_source()
    {
        var port = FreePort.Draw();
        var rounds = Enumerable.Range(0, 3).Select(rank => RoundsOf(rank, port, worldSize: 3)).ToArray();
        var first = await JoinAsync(rounds, -1, -1, -1);
        // Rank 1 dies, as the end of its process would have it; the others notice and leave.
        ((TcpProcessGroup)first[1].Group).Kill();
        Array.ForEach(first, round => round.Group.Dispose());
        rounds[1] = RoundsOf(1, port, generation: 1, worldSize: 3);

        var second = await JoinAsync(rounds, 6, -1, 7);

        Assert.All(first, round => Assert.Equal((1, -1, -1L), (round.Number, round.StateSource, round.StateStep)));
        Assert.All(second, round => Assert.Equal((2, 2, 7L), (round.Number, round.StateSource, round.StateStep)));
        var sums = second.Select(_ => new double[] { 1 }).ToArray();
        await Task.WhenAll(
            second.Select((round, rank) => Task.Run(() => round.Group.AllReduceSum(sums[rank].AsSpan())))
        );
        Assert.All(sums, sum => Assert.Equal(3, sum[0]));
        Array.ForEach(second, round => round.Group.Dispose());
    }

    [Fact]
    public async Task A_straggler_that_was_replaced_in_the_last_round_is_refused_in_the_next_one()
    {
        var port = FreePort.Draw();
        Rounds[] rounds = [RoundsOf(0, port), RoundsOf(1, port, generation: 2)];
        var first = await JoinAsync(rounds, -1, -1);
        Array.ForEach(first, round => round.Group.Dispose());
        var host = rounds[0].JoinAsync(3, CancellationToken.None);

        var error = await Assert.ThrowsAsync<RendezvousRefusedException>(() =>
            RoundsOf(1, port, generation: 1).JoinAsync(9, CancellationToken.None)
        );

        Assert.Equal(RefusalReason.OlderGeneration, error.Reason);
        var one = await rounds[1].JoinAsync(3, CancellationToken.None);
        using var zero = (await host).Group;
        using var group = one.Group;
        Assert.Equal((2, 0), (one.Number, one.StateSource));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rank_that_is_lost_while_the_ring_is_connected_is_waited_for_where_it_is_replaced(
        bool isReplaced
    )
    {
        var port = FreePort.Draw();
        var options = World.Options(0, 2, port) with { RingTimeout = TimeSpan.FromSeconds(3) };
        var rounds = new Rounds(options, TimeProvider.System) { WaitsForLostRanks = isReplaced };
        var host = rounds.JoinAsync(-1, CancellationToken.None);
        // Agrees and is gone.
        using var agreed = await Rendezvous.JoinAsync(
            World.Options(1, 2, port),
            World.Empty(),
            TimeProvider.System,
            CancellationToken.None
        );
        agreed.Dispose();

        if (!isReplaced)
        {
            await Assert.ThrowsAsync<PeerLostException>(() => host);
            return;
        }
        var one = await RoundsOf(1, port, generation: 1).JoinAsync(-1, CancellationToken.None);
        using var group = one.Group;
        using var zero = (await host).Group;
        Assert.Equal(2, one.Number);
    }

    private static Rounds RoundsOf(int rank, int port, int generation = 0, int worldSize = 2) =>
        new(World.Options(rank, worldSize, port) with { Generation = generation }, TimeProvider.System)
        {
            WaitsForLostRanks = true,
        };

    private static Task<JoinedRound[]> JoinAsync(Rounds[] rounds, params long[] steps) =>
        Task.WhenAll(rounds.Zip(steps, (own, step) => own.JoinAsync(step, CancellationToken.None)));
}
