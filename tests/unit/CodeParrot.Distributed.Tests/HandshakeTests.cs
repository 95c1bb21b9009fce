using System.Net;
using System.Net.Sockets;
using CodeParrot.Distributed.Authentication;

namespace CodeParrot.Distributed.Tests;

public sealed class HandshakeTests
{
    [Fact]
    public async Task A_proof_for_one_purpose_is_no_good_for_another()
    {
        using var pair = await PairAsync();
        var connecting = Handshake.ConnectAsync(pair.Client, World.Key, ChannelPurpose.Rendezvous, default);

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Handshake.AcceptAsync(pair.Server, World.Key, ChannelPurpose.Ring, default)
        );

        await pair.Server.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => connecting);
    }

    [Fact]
    public async Task A_server_that_says_yes_without_a_proof_is_not_believed()
    {
        using var pair = await PairAsync();
        var connecting = Handshake.ConnectAsync(pair.Client, World.Key, ChannelPurpose.Ring, default);
        await pair.Server.ReadExactlyAsync(new byte[40]);
        await pair.Server.WriteAsync(new byte[32]);
        await pair.Server.ReadExactlyAsync(new byte[32]);

        await pair.Server.WriteAsync(Enumerable.Repeat((byte)1, 33).ToArray());

        var error = await Assert.ThrowsAsync<RendezvousRefusedException>(() => connecting);
        Assert.Equal(RefusalReason.WrongKey, error.Reason);
    }

    private static async Task<StreamPair> PairAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var server = await listener.AcceptTcpClientAsync();
        return new StreamPair(client.GetStream(), server.GetStream());
    }

    private sealed record StreamPair(NetworkStream Client, NetworkStream Server) : IDisposable
    {
        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
