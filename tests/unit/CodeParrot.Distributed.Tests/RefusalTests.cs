using System.Net;
using System.Net.Sockets;

namespace CodeParrot.Distributed.Tests;

public sealed class RefusalTests
{
    public static TheoryData<RefusalReason, string, string> Cases =>
        new()
        {
            { RefusalReason.WrongKey, "the key of its attempt", "another key" },
            { RefusalReason.WrongRun, "run 4cf3a7a0-run", "run other" },
            { RefusalReason.OlderAttempt, "attempt 3", "attempt 2" },
            { RefusalReason.NewerAttempt, "attempt 3", "attempt 4" },
            { RefusalReason.WrongWorldSize, "world size 2", "world size 4" },
            { RefusalReason.DuplicateRank, "a living rank 0", "another rank 0" },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_rank_that_does_not_belong_is_told_why_and_the_others_go_on(
        RefusalReason reason,
        string expected,
        string actual
    )
    {
        var port = FreePort.Draw();
        var options = World.Options(1, 2, port);
        var wrong = reason switch
        {
            RefusalReason.WrongKey => options with { Key = new byte[32] },
            RefusalReason.WrongRun => options with { RunUid = "other" },
            RefusalReason.OlderAttempt => options with { Attempt = 2 },
            RefusalReason.NewerAttempt => options with { Attempt = 4 },
            RefusalReason.WrongWorldSize => options with { WorldSize = 4 },
            _ => options,
        };
        var host = World.ConnectAsync(World.Options(0, 2, port));

        var error = await Assert.ThrowsAsync<RendezvousRefusedException>(() =>
            reason == RefusalReason.DuplicateRank ? JoinAsRankZeroAsync(options) : World.ConnectAsync(wrong)
        );

        Assert.Equal((reason, expected, actual), (error.Reason, error.Expected, error.Actual));
        using var one = await World.ConnectAsync(options);
        using var zero = await host;
        Assert.Equal(2, zero.WorldSize);
    }

    [Fact]
    public async Task Strangers_on_the_port_are_dropped_and_the_ranks_meet_all_the_same()
    {
        var port = FreePort.Draw();
        var hostOptions = World.Options(0, 2, port) with { HandshakeTimeout = TimeSpan.FromSeconds(1) };
        var host = World.ConnectAsync(hostOptions);
        using var silent = await KnockAsync(port, []);
        using var browser = await KnockAsync(
            port,
            "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"u8.ToArray()
        );
        using var noise = await KnockAsync(port, [.. Enumerable.Repeat((byte)0xff, 4096)]);

        var silentAnswer = await ReadToEndAsync(silent);
        var browserAnswer = await ReadToEndAsync(browser);
        var noiseAnswer = await ReadToEndAsync(noise);

        Assert.Equal((0, 0, 0), (silentAnswer, browserAnswer, noiseAnswer));
        using var one = await World.ConnectAsync(World.Options(1, 2, port));
        using var zero = await host;
        Assert.Equal(1, one.Rank);
    }

    [Fact]
    public async Task A_waiting_rank_that_dies_may_come_again()
    {
        var port = FreePort.Draw();
        var host = World.ConnectAsync(World.Options(0, 3, port));
        using var cancel = new CancellationTokenSource();
        var dying = Rendezvous.JoinAsync(World.Options(1, 3, port), World.Empty(), TimeProvider.System, cancel.Token);
        await Task.Delay(60);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying);

        var others = new[] { 1, 2 }.Select(rank => ComeAgainAsync(World.Options(rank, 3, port)));

        foreach (var group in await Task.WhenAll(others.Append(host)))
        {
            group.Dispose();
        }
    }

    [Fact]
    public async Task A_connection_to_the_ring_without_the_key_or_of_another_round_changes_nothing()
    {
        var port = FreePort.Draw();
        var options = new[] { World.Options(0, 2, port), World.Options(1, 2, port) };
        var rounds = await Task.WhenAll(
            options.Select(own => Rendezvous.JoinAsync(own, World.Empty(), TimeProvider.System, CancellationToken.None))
        );
        var zero = TcpProcessGroup.ConnectAsync(rounds[0], options[0], TimeProvider.System, CancellationToken.None);
        using var noise = await KnockAsync(rounds[0].Members[0].Port, new byte[4096]);
        Assert.Equal(0, await ReadToEndAsync(noise));
        using var elsewhere = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        elsewhere.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        elsewhere.Listen();
        var stale = rounds[1] with { Id = "another round", RingListener = elsewhere };

        var error = await Assert.ThrowsAsync<RendezvousRefusedException>(() =>
            TcpProcessGroup.ConnectAsync(stale, options[1], TimeProvider.System, CancellationToken.None)
        );

        Assert.Equal(RefusalReason.WrongNeighbour, error.Reason);
        using var first = await TcpProcessGroup.ConnectAsync(
            rounds[1],
            options[1],
            TimeProvider.System,
            CancellationToken.None
        );
        using var second = await zero;
        Assert.Equal(2, second.WorldSize);
    }

    [Fact]
    public async Task A_neighbour_that_never_connects_is_lost_by_name()
    {
        var port = FreePort.Draw();
        var options = World.Options(0, 2, port) with { RingTimeout = TimeSpan.FromMilliseconds(200) };
        var rounds = await Task.WhenAll(
            new[] { options, World.Options(1, 2, port) }.Select(own =>
                Rendezvous.JoinAsync(own, World.Empty(), TimeProvider.System, CancellationToken.None)
            )
        );
        rounds[1].Dispose();

        var error = await Assert.ThrowsAsync<PeerLostException>(() =>
            TcpProcessGroup.ConnectAsync(rounds[0], options, TimeProvider.System, CancellationToken.None)
        );

        Assert.Equal(1, error.Rank);
    }

    /// <summary>Joins as soon as the coordinator has noticed that the rank's earlier life is over.</summary>
    private static async Task<TcpProcessGroup> ComeAgainAsync(RendezvousOptions options)
    {
        for (var tryIndex = 0; ; tryIndex++)
        {
            try
            {
                return await World.ConnectAsync(options);
            }
            catch (RendezvousRefusedException e) when (e.Reason == RefusalReason.DuplicateRank && tryIndex < 1000)
            {
                await Task.Delay(50);
            }
        }
    }

    private static async Task<Round> JoinAsRankZeroAsync(RendezvousOptions options)
    {
        // Rank 0's own request, the first in the queue, is let in long before; a second rank 0 comes over the network.
        await Task.Delay(1000);
        var joiner = new Coordination.Joiner(
            options with
            {
                Rank = 0,
            },
            World.Empty(),
            new IPEndPoint(IPAddress.Loopback, options.MasterPort),
            TimeProvider.System
        );
        await joiner.JoinAsync(ringPort: 1, CancellationToken.None);
        throw new InvalidOperationException("A second rank 0 was let in");
    }

    private static async Task<Socket> KnockAsync(int port, byte[] bytes)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        if (bytes.Length > 0)
        {
            await socket.SendAsync(bytes);
        }

        return socket;
    }

    private static async Task<int> ReadToEndAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[64]);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return 0;
        }
    }
}
