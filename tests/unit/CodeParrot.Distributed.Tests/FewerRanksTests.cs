namespace CodeParrot.Distributed.Tests;

public sealed class FewerRanksTests
{
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Enough_ranks_make_a_round_without_the_rest_and_take_it_in_when_it_comes()
    {
        var port = FreePort.Draw();
        await using var zero = RoundsOf(0, port);
        await using var one = RoundsOf(1, port);
        await using var two = RoundsOf(2, port);
        var first = await Task.WhenAll(zero.JoinAsync(-1, default), two.JoinAsync(-1, default));

        Assert.All(first, round => Assert.Equal([0, 2], round.Ranks));
        Assert.Equal([0, 1], first.Select(round => round.Group.Rank));
        Assert.Equal("2 2", await SumAsync(first));
        Assert.False(first[0].HasGuests());
        var late = one.JoinAsync(-1, default);
        Assert.True(SpinWait.SpinUntil(first[0].HasGuests, TimeSpan.FromMinutes(2)));
        Assert.Equal("2 2", await SumAsync(first));
        Array.ForEach(first, round => round.Group.Dispose());
        var second = await Task.WhenAll(zero.JoinAsync(4, default), late, two.JoinAsync(4, default));

        Assert.All(second, round => Assert.Equal((2, 0, 4L), (round.Number, round.StateSource, round.StateStep)));
        Assert.All(second, round => Assert.Empty(round.Ranks));
        Assert.Equal("3 3 3", await SumAsync(second));
        Array.ForEach(second, round => round.Group.Dispose());
    }

    [Fact]
    public async Task Who_was_missing_is_not_waited_for_again_when_another_comes()
    {
        var port = FreePort.Draw();
        var time = new EndlessTime(Enough);
        await using var zero = RoundsOf(0, port, worldSize: 4, time);
        await using var one = RoundsOf(1, port, worldSize: 4, time);
        await using var two = RoundsOf(2, port, worldSize: 4, time);
        var first = await Task.WhenAll(zero.JoinAsync(-1, default), one.JoinAsync(-1, default));

        time.Begin();
        var late = two.JoinAsync(-1, default);
        Assert.True(SpinWait.SpinUntil(first[0].HasGuests, TimeSpan.FromMinutes(2)));
        Array.ForEach(first, round => round.Group.Dispose());
        var second = Task.WhenAll(zero.JoinAsync(4, default), one.JoinAsync(4, default), late);
        var rounds = await second.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);

        Assert.All(rounds, round => Assert.Equal([0, 1, 2], round.Ranks));
        Assert.Equal("3 3 3", await SumAsync(rounds));
        Array.ForEach(rounds, round => round.Group.Dispose());
    }

    [Fact]
    public async Task The_source_is_told_by_its_position()
    {
        var port = FreePort.Draw();
        await using var zero = RoundsOf(0, port);
        await using var two = RoundsOf(2, port);

        var rounds = await Task.WhenAll(zero.JoinAsync(-1, default), two.JoinAsync(9, default));

        Assert.All(rounds, round => Assert.Equal((1, 9L), (round.StateSource, round.StateStep)));
        Array.ForEach(rounds, round => round.Group.Dispose());
    }

    [Fact]
    public async Task Fewer_than_enough_make_no_round()
    {
        var port = FreePort.Draw();
        await using var zero = RoundsOf(0, port);

        var error = await Assert.ThrowsAsync<RendezvousTimeoutException>(() => zero.JoinAsync(-1, default));

        Assert.Equal([1, 2], error.MissingRanks);
    }

    [Fact]
    public void A_least_count_beyond_the_world_is_a_mistake()
    {
        Assert.Single((World.Options(0, 3, port: 1) with { MinCount = 4 }).Validate());
        Assert.Single((World.Options(0, 3, port: 1) with { MinCount = 0 }).Validate());
        Assert.Empty((World.Options(0, 3, port: 1) with { MinCount = 3 }).Validate());
    }

    private static Rounds RoundsOf(int rank, int port, int worldSize = 3, TimeProvider? time = null) =>
        new(World.Options(rank, worldSize, port) with { MinCount = 2, Timeout = Enough }, time ?? TimeProvider.System);

    private static async Task<string> SumAsync(JoinedRound[] rounds)
    {
        var sums = rounds.Select(_ => new double[] { 1 }).ToArray();
        await Task.WhenAll(rounds.Select((round, i) => Task.Run(() => round.Group.AllReduceSum(sums[i].AsSpan()))));
        return string.Join(' ', sums.Select(sum => sum[0]));
    }
}
