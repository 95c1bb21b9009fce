using System.Net;
using System.Net.Sockets;
using System.Text;
using CodeParrot.Cli.Pods;

namespace CodeParrot.Cli.Tests.Pods;

public sealed class ProgressReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ProgressReader _reader = new();

    public ProgressReaderTests()
    {
        _listener.Start();
        _folder.Write("http-port", $"{((IPEndPoint)_listener.LocalEndpoint).Port}");
    }

    public void Dispose()
    {
        _reader.Dispose();
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_answer_is_read()
    {
        var answering = AnswerAsync("""{"step":7}""", length: 10);

        var progress = await ReadAsync();

        await answering;
        Assert.Equal(7, progress?.Step);
    }

    [Theory]
    [InlineData("", 10)]
    [InlineData("""{"ste""", 10)]
    [InlineData("no JSON", 7)]
    public async Task A_process_that_ends_while_it_answers_has_no_progress(string said, int length)
    {
        var answering = AnswerAsync(said, length, resets: true);

        var progress = await ReadAsync();

        await answering;
        Assert.Null(progress);
    }

    private Task<Contract.Runtime.RunProgress?> ReadAsync() =>
        _reader.ReadAsync([new PodFolder(_folder.Path)], "", TestContext.Current.CancellationToken);

    // Headers that promise a length, and what comes of it.
    private async Task AnswerAsync(string said, int length, bool resets = false)
    {
        using var socket = await _listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await socket.ReceiveAsync(new byte[4096], TestContext.Current.CancellationToken);
        var head = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head + said), TestContext.Current.CancellationToken);
        if (resets)
        {
            // Heard before the end, not instead of it.
            await Task.Delay(100, TestContext.Current.CancellationToken);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
    }
}
