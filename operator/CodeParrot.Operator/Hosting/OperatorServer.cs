using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Prometheus;

namespace CodeParrot.Operator.Hosting;

/// <summary>The web server of the operator's process, on its ports of every address.</summary>
internal sealed class OperatorServer : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly KestrelServer _server;
    private readonly OperatorEndpoints _endpoints;

    /// <summary>A server that is not started yet.</summary>
    /// <param name="loop">The loop that it speaks of.</param>
    /// <param name="registry">The metrics.</param>
    /// <param name="metricsPort">Port of /metrics.</param>
    /// <param name="healthPort">Port of /healthz and /readyz; may be the same.</param>
    public OperatorServer(OperatorLoop loop, CollectorRegistry registry, int metricsPort, int healthPort)
    {
        _endpoints = new OperatorEndpoints(loop, registry, metricsPort, healthPort);
        var options = new KestrelServerOptions { ApplicationServices = _services, AddServerHeader = false };
        foreach (var port in new[] { metricsPort, healthPort }.Distinct())
        {
            options.ListenAnyIP(port, listen => listen.Protocols = HttpProtocols.Http1);
        }

        var logs = NullLoggerFactory.Instance;
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), logs);
        _server = new KestrelServer(Options.Create(options), transport, logs);
    }

    /// <summary>Begins to answer.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => _server.StartAsync(_endpoints, cancellationToken);

    /// <summary>Answers nothing new, and lets what is under way end.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _server.Dispose();
        await _services.DisposeAsync();
    }
}
