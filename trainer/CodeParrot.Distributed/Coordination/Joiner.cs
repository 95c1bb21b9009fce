using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CodeParrot.Distributed.Authentication;

namespace CodeParrot.Distributed.Coordination;

/// <summary>
/// A rank's side of the rendezvous: finds the coordinator, introduces itself, and waits. The name is resolved anew at
/// every try, since DNS answers of a young pod are stale for a while.
/// </summary>
internal sealed class Joiner(RendezvousOptions options, RankState state, IPEndPoint? coordinator, TimeProvider time)
{
    private const int MaxReplyBytes = 4 << 20;
    private const int FirstDelayMilliseconds = 50;
    private const int MaxDelayMilliseconds = 2000;

    // The coordinator's, which started its clock a moment earlier, is over first.
    private TimeSpan Patience => options.Timeout + options.HandshakeTimeout * 0.2;

    private int[] _missing = [0];
    private Exception? _lastError;

    /// <summary>Joins until there is an agreement.</summary>
    /// <exception cref="RendezvousRefusedException">The coordinator turned this rank away.</exception>
    /// <exception cref="RendezvousTimeoutException">Ranks are missing.</exception>
    public async Task<Agreement> JoinAsync(int ringPort, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                if (await TryJoinAsync(ringPort, timeout, either.Token) is { } agreement)
                {
                    return agreement;
                }

                await Task.Delay(Delay(attempt), time, either.Token);
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw TimedOut();
        }
    }

    private async Task<Agreement?> TryJoinAsync(
        int ringPort,
        CancellationTokenSource timeout,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var socket = await ConnectAsync(cancellationToken);
            using var stream = new NetworkStream(socket);
            var channel = await IntroduceAsync(stream, socket, ringPort, cancellationToken);
            while (true)
            {
                var reply = await channel.ReceiveAsync(
                    CoordinationJson.Default.Reply,
                    MaxReplyBytes,
                    cancellationToken
                );
                _missing = reply.Missing ?? [];
                if (reply.Kind == ReplyKind.Waiting)
                {
                    // Who is in leaves the verdict to the coordinator, which may have begun to wait later.
                    timeout.CancelAfter(Patience);
                }

                switch (reply.Kind)
                {
                    case ReplyKind.Agreed when reply.Agreement is { } agreement:
                        return agreement;
                    case ReplyKind.Refused when reply.Refusal is { } refusal:
                        throw refusal.ToException();
                    case ReplyKind.TimedOut:
                        throw TimedOut();
                    default:
                        break;
                }
            }
        }
        catch (Exception error) when (error is SocketException or IOException or InvalidDataException)
        {
            // Not up yet, or its host was restarted: it is found again at the next try.
            _lastError = error;
            _missing = [0];
            return null;
        }
    }

    private async Task<SecureChannel> IntroduceAsync(
        NetworkStream stream,
        Socket socket,
        int ringPort,
        CancellationToken cancellationToken
    )
    {
        using var deadline = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var channel = await Handshake.ConnectAsync(stream, options.Key, ChannelPurpose.Rendezvous, either.Token);
            var member = new Member(options.Rank, RingHost(socket), ringPort, state, options.Generation);
            await channel.SendAsync(
                new JoinRequest(
                    options.RunUid,
                    options.Attempt,
                    options.WorldSize,
                    options.LastRound,
                    member,
                    [.. options.KnownGenerations]
                ),
                CoordinationJson.Default.JoinRequest,
                either.Token
            );
            return channel;
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"No handshake within {options.HandshakeTimeout.TotalSeconds:0.#} s", error);
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        if (coordinator is not null)
        {
            return await ConnectAsync(coordinator, cancellationToken);
        }

        Exception? last = null;
        foreach (var address in await Dns.GetHostAddressesAsync(options.MasterAddress, cancellationToken))
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(address, options.MasterPort), cancellationToken);
            }
            catch (SocketException error)
            {
                last = error;
            }
        }

        throw new IOException($"No address of {options.MasterAddress} answers on port {options.MasterPort}", last);
    }

    private async Task<Socket> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var deadline = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            await socket.ConnectAsync(address, either.Token);
            return socket;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private string RingHost(Socket socket)
    {
        if (options.AdvertiseAddress is { } advertised)
        {
            return advertised;
        }

        var local = ((IPEndPoint)socket.LocalEndPoint!).Address;
        return options.Rank == 0 ? options.MasterAddress
            : local.IsIPv4MappedToIPv6 ? local.MapToIPv4().ToString()
            : local.ToString();
    }

    // Doubles from 50 ms to 2 s; half of it is drawn, so that the ranks of a large run do not come in waves.
    private static TimeSpan Delay(int attempt)
    {
        var ceiling = Math.Min(MaxDelayMilliseconds, FirstDelayMilliseconds << Math.Min(attempt, 10));
        return TimeSpan.FromMilliseconds(ceiling / 2 + RandomNumberGenerator.GetInt32(ceiling / 2 + 1));
    }

    private RendezvousTimeoutException TimedOut()
    {
        var place =
            $"coordinator {options.MasterAddress}:{options.MasterPort}, waited {options.Timeout.TotalSeconds:0.#} s";
        var detail = _lastError is null ? place : $"{place}; last error: {_lastError.Message}";
        return new RendezvousTimeoutException(_missing, detail, _lastError);
    }
}
