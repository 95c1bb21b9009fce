using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using CodeParrot.Distributed.Authentication;
using CodeParrot.Distributed.Coordination;

namespace CodeParrot.Distributed.Ring;

/// <summary>Connects a rank to the next one, and lets the previous one, and nobody else, connect to it.</summary>
internal sealed class RingConnector(Round round, RendezvousOptions options, RingSeat seat, TimeProvider time)
{
    private const string Operation = "connecting the ring";
    private const int MaxMessageBytes = 4096;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns both links; they are the caller's.</summary>
    public async Task<(Link Next, Link Previous)> ConnectAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timeout = new CancellationTokenSource(options.RingTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, timeout.Token);
        var dialing = DialAsync(either.Token, timeout.Token);
        var accepting = AcceptAsync(either.Token, timeout.Token);
        try
        {
            // The first to fail decides: there is no ring without either.
            await await Task.WhenAny(dialing, accepting);
            return (await dialing, await accepting);
        }
        catch
        {
            await stop.CancelAsync();
            await ((Task)Task.WhenAll(dialing, accepting)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (dialing.IsCompletedSuccessfully)
            {
                (await dialing).Dispose();
            }

            if (accepting.IsCompletedSuccessfully)
            {
                (await accepting).Dispose();
            }

            throw;
        }
    }

    private async Task<Link> DialAsync(CancellationToken cancellationToken, CancellationToken timeout)
    {
        Exception? last = null;
        try
        {
            while (true)
            {
                try
                {
                    return await TryDialAsync(cancellationToken);
                }
                catch (Exception error) when (error is SocketException or IOException or InvalidDataException)
                {
                    last = error;
                }

                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            var next = round.Members[seat.Next];
            var detail = $"{next.Host}:{next.Port} did not answer within {options.RingTimeout.TotalSeconds:0.#} s";
            throw new PeerLostException(seat.Next, Operation, detail, last);
        }
    }

    private async Task<Link> TryDialAsync(CancellationToken cancellationToken)
    {
        var next = round.Members[seat.Next];
        var addresses = await Dns.GetHostAddressesAsync(next.Host, cancellationToken);
        var link = new Link(await ConnectAnyAsync(addresses, next.Port, cancellationToken));
        try
        {
            var channel = await Handshake.ConnectAsync(
                new LinkStream(link, time),
                options.Key,
                ChannelPurpose.Ring,
                cancellationToken
            );
            var greeting = new RingGreeting(round.Id, seat.Rank);
            await channel.SendAsync(greeting, CoordinationJson.Default.RingGreeting, cancellationToken);
            var reply = await channel.ReceiveAsync(CoordinationJson.Default.Reply, MaxMessageBytes, cancellationToken);
            return reply.Refusal is null ? link : throw reply.Refusal.ToException();
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private static async Task<Socket> ConnectAnyAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        Exception? last = null;
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                // On a thread of the pool, and blocking, for the reason that stands at LinkStream.
                using var cancelling = cancellation.Register(socket.Dispose);
                await Task.Run(() => socket.Connect(new IPEndPoint(address, port)), cancellation);
                return socket;
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                socket.Dispose();
                cancellation.ThrowIfCancellationRequested();
                last = error;
            }
        }

        throw new IOException($"No address answers on port {port}", last);
    }

    private async Task<Link> AcceptAsync(CancellationToken cancellationToken, CancellationToken timeout)
    {
        using var listener = round.RingListener ?? throw new InvalidOperationException("The round was used before");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var welcome = Channel.CreateBounded<Link>(1);
        var greetings = new List<Task>();
        try
        {
            var accepting = AcceptAllAsync(listener, greetings, welcome, done.Token);
            var previous = await welcome.Reader.ReadAsync(cancellationToken);
            await done.CancelAsync();
            await accepting;
            return previous;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            var detail = $"it did not connect within {options.RingTimeout.TotalSeconds:0.#} s";
            throw new PeerLostException(seat.Previous, Operation, detail);
        }
    }

    private async Task AcceptAllAsync(
        Socket listener,
        List<Task> greetings,
        Channel<Link> welcome,
        CancellationToken done
    )
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptAsync(done);
                greetings.RemoveAll(greeting => greeting.IsCompleted);
                greetings.Add(GreetAsync(socket, welcome, done));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(greetings);
        }
    }

    private async Task GreetAsync(Socket socket, Channel<Link> welcome, CancellationToken done)
    {
        using var deadline = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(done, deadline.Token);
        var link = new Link(socket);
        var isKept = false;
        try
        {
            var channel = await Handshake.AcceptAsync(
                new LinkStream(link, time),
                options.Key,
                ChannelPurpose.Ring,
                either.Token
            );
            var greeting = await channel.ReceiveAsync(
                CoordinationJson.Default.RingGreeting,
                MaxMessageBytes,
                either.Token
            );
            var refusal = Judge(greeting);
            var reply = new Reply(refusal is null ? ReplyKind.Agreed : ReplyKind.Refused, Refusal: refusal);
            await channel.SendAsync(reply, CoordinationJson.Default.Reply, either.Token);
            isKept = refusal is null && welcome.Writer.TryWrite(link);
        }
        catch (Exception error)
            when (error
                    is IOException
                        or InvalidDataException
                        or OperationCanceledException
                        or RendezvousRefusedException
            )
        {
            // A stranger: the ring goes on waiting for its neighbour.
            return;
        }
        finally
        {
            if (!isKept)
            {
                link.Dispose();
            }
        }
    }

    private Refusal? Judge(RingGreeting greeting)
    {
        var isNeighbour =
            greeting.Rank == seat.Previous && string.Equals(greeting.RoundId, round.Id, StringComparison.Ordinal);
        return isNeighbour
            ? null
            : new Refusal(
                RefusalReason.WrongNeighbour,
                $"rank {seat.Previous} of round {round.Id} before rank {seat.Rank}",
                $"rank {greeting.Rank} of round {greeting.RoundId}"
            );
    }
}
