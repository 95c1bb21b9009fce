using System.Net.Sockets;
using CodeParrot.Distributed.Authentication;

namespace CodeParrot.Distributed.Coordination;

/// <summary>
/// Rank 0's side of the rendezvous: lets ranks in until all are there. Strangers are dropped by deadline, by size and
/// by number, without effect on the ranks.
/// </summary>
internal sealed class Coordinator : IDisposable
{
    // A request names the generations of all ranks.
    private const int MaxRequestBytes = 64 * 1024;
    private const int MaxStrangers = 64;

    private readonly RendezvousOptions _options;
    private readonly TimeProvider _time;
    private readonly Socket _listener;
    private readonly Seats _seats;
    private readonly SemaphoreSlim _strangers = new(MaxStrangers);
    private readonly CancellationTokenSource _closing = new();
    private Task? _accepting;

    private Coordinator(
        RendezvousOptions options,
        TimeProvider time,
        Socket listener,
        IReadOnlyCollection<int>? awaited
    )
    {
        _options = options;
        _time = time;
        _listener = listener;
        _seats = new Seats(options.WorldSize, awaited);
    }

    /// <summary>Where rank 0 itself reaches it.</summary>
    public System.Net.IPEndPoint LocalEndPoint => Listening.Local(_listener);

    /// <summary>Opens the coordinator's port.</summary>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="time">Clock.</param>
    /// <param name="awaited">Ranks that the round waits for; null for all.</param>
    /// <exception cref="PortInUseException">Another process holds it.</exception>
    public static Coordinator Open(
        RendezvousOptions options,
        TimeProvider time,
        IReadOnlyCollection<int>? awaited = null
    )
    {
        try
        {
            var backlog = options.WorldSize + MaxStrangers;
            var listener = Listening.Open(options.MasterAddress, options.MasterPort, backlog);
            return new Coordinator(options, time, listener, awaited);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new PortInUseException(options.MasterPort, error);
        }
    }

    /// <summary>Gets whether ranks are in that wait for the others.</summary>
    public bool HasGuests => _seats.HasGuests;

    /// <summary>Lets ranks in from now on; the time for them begins with <see cref="RunAsync"/>.</summary>
    public void Begin() => _accepting ??= AcceptAsync(_closing.Token);

    /// <summary>Runs until every rank has its answer: the round, or that it does not come about.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        Begin();
        _seats.BeginWaiting();
        try
        {
            await _seats.Agreed.ReadAsync(waiting.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            if (!_seats.TryAgree(_options.MinCount ?? _options.WorldSize))
            {
                _seats.GiveUp();
            }
        }
        finally
        {
            await CloseAsync();
        }
    }

    /// <summary>Lets nobody in any more; ranks that wait see a closed connection and try again.</summary>
    public async Task CloseAsync()
    {
        _seats.Abandon();
        await _closing.CancelAsync();
        if (_accepting is not null)
        {
#pragma warning disable VSTHRD003 // Begun by this object, of which nothing needs a context.
            await _accepting;
#pragma warning restore VSTHRD003
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _strangers.Dispose();
        _closing.Dispose();
    }

    /// <summary>
    /// Accepts until told to close, then waits for the connections that still have an answer to send.
    /// </summary>
    private async Task AcceptAsync(CancellationToken closing)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                await _strangers.WaitAsync(closing);
                var socket = await _listener.AcceptAsync(closing);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ServeAsync(socket, closing));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket, CancellationToken closing)
    {
        socket.NoDelay = true;
        using var stream = new NetworkStream(socket, ownsSocket: true);
        var isStranger = true;
        try
        {
            var (channel, request) = await IntroduceAsync(stream, closing);
            _strangers.Release();
            isStranger = false;
            await AnswerAsync(stream, channel, request);
        }
        catch (Exception error)
            when (error
                    is IOException
                        or SocketException
                        or InvalidDataException
                        or OperationCanceledException
                        or RendezvousRefusedException
            )
        {
            // A port scanner, a rank that gave up, or a wrong key, which was told so: it does not concern the others.
            return;
        }
        finally
        {
            if (isStranger)
            {
                _strangers.Release();
            }
        }
    }

    private async Task<(SecureChannel Channel, JoinRequest Request)> IntroduceAsync(
        NetworkStream stream,
        CancellationToken closing
    )
    {
        using var deadline = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(closing, deadline.Token);
        var channel = await Handshake.AcceptAsync(stream, _options.Key, ChannelPurpose.Rendezvous, either.Token);
        var request = await channel.ReceiveAsync(CoordinationJson.Default.JoinRequest, MaxRequestBytes, either.Token);
        return (channel, request);
    }

    private async Task AnswerAsync(NetworkStream stream, SecureChannel channel, JoinRequest request)
    {
        var rank = request.Member.Rank;
        var refusal = Admission.Check(_options, request);
        var replies = refusal is null ? _seats.Take(request, out refusal) : null;
        if (replies is null)
        {
            // Without a word it tries again: the round is made, and the next one may have a place for it.
            if (refusal is not null)
            {
                await SendAsync(channel, new Reply(ReplyKind.Refused, Refusal: refusal));
            }

            return;
        }

        using var gone = new CancellationTokenSource();
        var watching = WatchAsync(stream, gone);
        try
        {
            await foreach (var reply in replies.ReadAllAsync(gone.Token))
            {
                await SendAsync(channel, reply);
            }
        }
        finally
        {
            _seats.Leave(rank, replies);
            stream.Close();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(SecureChannel channel, Reply reply)
    {
        using var deadline = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        await channel.SendAsync(reply, CoordinationJson.Default.Reply, deadline.Token);
    }

    /// <summary>A rank that is in says nothing more: whatever can be read means that it is gone.</summary>
    private static async Task WatchAsync(NetworkStream stream, CancellationTokenSource gone)
    {
        try
        {
            await stream.ReadExactlyAsync(new byte[1]);
        }
        finally
        {
            await gone.CancelAsync();
        }
    }
}
