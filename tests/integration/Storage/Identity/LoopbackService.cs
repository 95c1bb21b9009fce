using System.Net;
using System.Text;
using CodeParrot.Distributed.Tests;

namespace CodeParrot.Integration.Tests.Storage.Identity;

/// <summary>A small HTTP service of this machine, which answers in JSON until it is disposed.</summary>
internal sealed class LoopbackService : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, (int Status, string Body)> _answer;

    public LoopbackService(Func<HttpListenerRequest, (int Status, string Body)> answer)
    {
        _answer = answer;
        Address = $"http://127.0.0.1:{FreePort.Draw()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>Gets where it listens: <c>http://127.0.0.1:port</c>.</summary>
    public string Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var (status, body) = _answer(context.Request);
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                var bytes = Encoding.UTF8.GetBytes(body);
                context.Response.ContentLength64 = bytes.Length;
                await context.Response.OutputStream.WriteAsync(bytes);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed by its owner, or left by who asked.
            }
        }
    }
}
