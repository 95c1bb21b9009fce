using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>A pod's <c>GET /progress</c>, at an address of its own on the loopback.</summary>
internal sealed class ProgressEndpoint : IDisposable
{
    private const int HeaderBytes = 4096;

    private readonly TcpListener _listener;
    private readonly Lock _lock = new();
    private RunProgress? _progress;
    private TaskCompletionSource _asked = new();

    /// <summary>Answers from now on; 503 until there is something to tell.</summary>
    public ProgressEndpoint(IPAddress address, int port)
    {
        _listener = new TcpListener(address, port);
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What went with the newest question: empty, or from its question mark on.</summary>
    public string NewestQuery { get; private set; } = "";

    /// <summary>Tells something from now on.</summary>
    /// <returns>Ends once somebody has asked for it.</returns>
    public Task TellAsync(RunProgress progress)
    {
        lock (_lock)
        {
            _progress = progress;
            _asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _ = AnswerAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The pod has ended.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            var stream = connection.GetStream();
            var request = new byte[HeaderBytes];
            var length = 0;
            while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                var read = await stream.ReadAsync(request.AsMemory(length));
                if (read == 0)
                {
                    return;
                }

                length += read;
            }

            RunProgress? progress;
            TaskCompletionSource asked;
            lock (_lock)
            {
                (progress, asked) = (_progress, _asked);
            }

            var target = Encoding.ASCII.GetString(request, 0, length).Split(' ')[1];
            var isAsked = target.Split('?')[0] == ProgressQuery.Path;
            var body = JsonSerializer.SerializeToUtf8Bytes(progress, ContractJson.Compact);
            var code =
                !isAsked ? "404 Not Found"
                : progress is null ? "503 Service Unavailable"
                : "200 OK";
            var head = $"HTTP/1.1 {code}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            await stream.WriteAsync(body);
            if (isAsked && progress is not null)
            {
                NewestQuery = target[ProgressQuery.Path.Length..];
                asked.TrySetResult();
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Whoever asked has gone.
        }
    }
}
