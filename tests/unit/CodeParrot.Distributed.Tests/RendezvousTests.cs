using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Distributed.Tests;

public sealed class RendezvousTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    // Within it, the ranks that are there must be let in.
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task All_ranks_get_the_same_round_and_the_newest_state()
    {
        var port = FreePort.Draw();
        RankState[] states =
        [
            new(Attempt: 3, StepInMemory: -1, "step-000000500-a9"),
            new(Attempt: 2, StepInMemory: 900, NewestCheckpoint: null),
            new(Attempt: 3, StepInMemory: 600, "step-000000500-a10"),
        ];

        var rounds = await Task.WhenAll(
            states.Select((state, rank) => JoinAsync(World.Options(rank, 3, port) with { LastRound = rank }, state))
        );

        Assert.All(
            rounds,
            round =>
            {
                Assert.Equal(rounds[0].Id, round.Id);
                Assert.Equal(3, round.Number);
                Assert.Equal(2, round.StateSource);
                Assert.Equal("step-000000500-a10", round.Checkpoint);
                Assert.Equal(states, round.Members.Select(member => member.State));
                round.Dispose();
            }
        );
    }

    [Fact]
    public async Task A_rank_that_comes_late_is_waited_for_on_both_sides()
    {
        var port = FreePort.Draw();
        var early = JoinAsync(World.Options(1, 3, port));
        await Task.Delay(80);
        var host = JoinAsync(World.Options(0, 3, port));
        await Task.Delay(80);

        var late = JoinAsync(World.Options(2, 3, port));

        var rounds = await Task.WhenAll(early, host, late);
        Assert.All(rounds, round => Assert.Equal(3, round.Members.Count));
        Array.ForEach(rounds, round => round.Dispose());
    }

    [Fact]
    public async Task A_timeout_names_the_ranks_that_are_missing_on_all_ranks()
    {
        var port = FreePort.Draw();
        var joining = new[] { 0, 2 }.Select(rank => JoinAsync(World.Options(rank, 4, port) with { Timeout = Enough }));

        var errors = await Task.WhenAll(joining.Select(round => Record.ExceptionAsync(() => round).AsTask()));

        Assert.All(
            errors,
            error => Assert.Equal([1, 3], Assert.IsType<RendezvousTimeoutException>(error).MissingRanks)
        );
    }

    [Fact]
    public async Task A_coordinator_that_never_answers_is_the_missing_rank_0()
    {
        var options = World.Options(1, 2, FreePort.Draw()) with { Timeout = Short, HandshakeTimeout = Short };

        var error = await Assert.ThrowsAsync<RendezvousTimeoutException>(() => JoinAsync(options));

        Assert.Equal([0], error.MissingRanks);
        Assert.Contains($"127.0.0.1:{options.MasterPort}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_its_remedy()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<PortInUseException>(() => JoinAsync(World.Options(0, 2, port)));

        Assert.Equal(port, error.Port);
        Assert.Contains("MASTER_PORT", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_world_of_one_needs_no_network()
    {
        using var round = await JoinAsync(World.Options(0, 1, port: 1), new RankState(3, 12, NewestCheckpoint: null));

        Assert.Equal((1, 0), (round.Number, round.StateSource));
    }

    [Fact]
    public async Task All_mistakes_in_the_options_are_named_at_once()
    {
        var options = World.Options(7, 4, port: 70_000) with { Key = [1, 2], RunUid = "", Timeout = TimeSpan.Zero };

        var error = await Assert.ThrowsAsync<ArgumentException>(() => JoinAsync(options));

        Assert.Contains("RANK: must be 0 to WORLD_SIZE - 1 = 3, was 7", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, options.Validate().Count());
        Assert.All(options.Validate(), mistake => Assert.Contains(mistake, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_key_stays_out_of_logs()
    {
        Assert.DoesNotContain("Key", World.Options(0, 2, port: 1).ToString(), StringComparison.Ordinal);
    }

    private static Task<Round> JoinAsync(RendezvousOptions options, RankState? state = null) =>
        Rendezvous.JoinAsync(options, state ?? World.Empty(), TimeProvider.System, CancellationToken.None);
}
