using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CodeParrot.Integration.Tests.Storage.Faults;

/// <summary>
/// A proxy in front of a real server that passes each exchange on, or spoils it as its script says. One exchange per
/// connection keeps it small.
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();
    private readonly ConcurrentBag<Task> _exchanges = [];
    private readonly Uri _server;
    private readonly Func<ProxiedRequest, Fault?> _script;
    private readonly X509Certificate2? _certificate;

    /// <param name="server">Where exchanges are passed on to.</param>
    /// <param name="script">Says what happens to each request; asked one request at a time.</param>
    /// <param name="certificate">With one, the proxy speaks TLS to its clients.</param>
    public FaultProxy(string server, Func<ProxiedRequest, Fault?> script, X509Certificate2? certificate = null)
    {
        _server = new Uri(server);
        _script = script;
        _certificate = certificate;
        _listener.Start();
        _exchanges.Add(AcceptAsync());
    }

    /// <summary>Gets the proxy's own address.</summary>
    public string Endpoint =>
        $"{(_certificate is null ? "http" : "https")}://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Gets the requests so far, in the order of their arrival.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>A script that spoils the first <paramref name="times"/> requests that match.</summary>
    public static Func<ProxiedRequest, Fault?> First(int times, Func<ProxiedRequest, bool> matches, Fault fault)
    {
        var left = times;
        return request => matches(request) && left-- > 0 ? fault : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_exchanges.ToArray());
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _exchanges.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
            catch (SocketException)
            {
                // A client that gave up before it was accepted; or the listener stopped, which the loop sees.
            }
            catch (Exception end) when (end is OperationCanceledException or InvalidOperationException)
            {
                // Stopped, while it listened or just before.
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await using var client = await WrapAsync(new NetworkStream(socket, ownsSocket: false));
                if (await ReadHeadAsync(client) is { } head)
                    await ExchangeAsync(socket, client, head);
            }
            catch (Exception end)
                when (end is IOException or SocketException or OperationCanceledException or AuthenticationException)
            {
                // The client or the server went away, or trusts us not: the other side sees the connection close.
            }
        }
    }

    private async Task<Stream> WrapAsync(NetworkStream plain)
    {
        if (_certificate is null)
            return plain;
        var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _certificate },
            _stop.Token
        );
        return secure;
    }

    private async Task ExchangeAsync(Socket socket, Stream client, List<string> head)
    {
        var parts = head[0].Split(' ');
        var request = new ProxiedRequest(parts[0], parts[1], head[1..]);
        Fault? fault;
        lock (_requests)
        {
            _requests.Enqueue(request);
            fault = _script(request);
        }
        if (request.Header("Expect") is not null)
            await client.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
        var body = await ReadBodyAsync(client, request, fault as Fault.ResetRequest);
        if (fault is Fault.ResetRequest)
        {
            Reset(socket);
            return;
        }
        if (fault is Fault.Silence)
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
        if (fault is Fault.FlipRequest flip && body.Length > flip.AtByte)
            body[flip.AtByte] ^= 1;
        if (fault is Fault.Answer answer)
        {
            await client.WriteAsync(Encoding.UTF8.GetBytes(TextOf(answer, request)), _stop.Token);
            return;
        }
        await PassOnAsync(socket, client, head, body, fault);
    }

    private async Task PassOnAsync(Socket socket, Stream client, List<string> head, byte[] body, Fault? fault)
    {
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(_server.Host, _server.Port, _stop.Token);
        await using var server = upstream.GetStream();
        var lines = head.Where(line => !IsHeader(line, "Connection") && !IsHeader(line, "Expect"));
        var text = string.Join("\r\n", lines) + "\r\nConnection: close\r\n\r\n";
        await server.WriteAsync(Encoding.UTF8.GetBytes(text), _stop.Token);
        await server.WriteAsync(body, _stop.Token);
        if (fault is Fault.LoseAnswer)
        {
            await server.CopyToAsync(Stream.Null, _stop.Token);
            Reset(socket);
            return;
        }
        if (await ReadHeadAsync(server) is { } answer)
        {
            await client.WriteAsync(Encoding.UTF8.GetBytes(string.Join("\r\n", answer) + "\r\n\r\n"), _stop.Token);
            await PassBodyAsync(socket, client, server, fault);
        }
    }

    private async Task PassBodyAsync(Socket socket, Stream client, NetworkStream server, Fault? fault)
    {
        var limit = fault switch
        {
            Fault.ResetAnswer reset => reset.AfterBytes,
            Fault.TruncateAnswer truncate => truncate.AfterBytes,
            Fault.StallAnswer stall => stall.AfterBytes,
            _ => long.MaxValue,
        };
        var buffer = new byte[64 * 1024];
        for (long passed = 0; passed < limit; )
        {
            var read = await server.ReadAsync(
                buffer.AsMemory(0, (int)Math.Min(buffer.Length, limit - passed)),
                _stop.Token
            );
            if (read == 0)
                return;
            if (fault is Fault.FlipAnswer flip && flip.AtByte >= passed && flip.AtByte < passed + read)
                buffer[flip.AtByte - passed] ^= 1;
            await client.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            passed += read;
        }
        if (fault is Fault.ResetAnswer)
            Reset(socket);
        if (fault is Fault.StallAnswer)
            await Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
    }

    private async Task<byte[]> ReadBodyAsync(Stream client, ProxiedRequest request, Fault.ResetRequest? reset)
    {
        var length = int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture);
        var body = new byte[Math.Min(length, reset?.AfterBytes ?? length)];
        await client.ReadExactlyAsync(body, _stop.Token);
        return body;
    }

    private async Task<List<string>?> ReadHeadAsync(Stream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!Encoding.Latin1.GetString([.. bytes.TakeLast(4)]).Equals("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            bytes.Add(one[0]);
        }
        return [.. Encoding.UTF8.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private static bool IsHeader(string line, string name) =>
        line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);

    private static string TextOf(Fault.Answer answer, ProxiedRequest request) =>
        $"HTTP/1.1 {answer.Status}\r\nContent-Type: {answer.ContentType}\r\nConnection: close\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(answer.Body)}\r\n\r\n"
        + (request.Method == "HEAD" ? "" : answer.Body);

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }
}
