using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Trainer.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace CodeParrot.Trainer.Launch;

/// <summary>Serves /progress, /metrics and /healthz of a pod.</summary>
internal sealed class PodServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PodServer(WebApplication app) => _app = app;

    /// <summary>Starts listening, and writes the bound port to the environment's port file.</summary>
    /// <param name="environment">The pod's environment.</param>
    /// <param name="progress">What /progress answers.</param>
    /// <param name="desk">Takes the requests for checkpoints that come with questions.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task<PodServer> StartAsync(
        PodEnvironment environment,
        Func<RunProgress> progress,
        CheckpointDesk desk
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        // Whoever asks for a port file is on this machine; a pod is asked by others.
        var host = environment.HttpPortFile is null ? "*" : "127.0.0.1";
        builder.WebHost.UseUrls($"http://{host}:{environment.HttpPort}");
        var app = builder.Build();
        var registry = Prometheus.Metrics.NewCustomRegistry();
        var metrics = new TrainerMetrics(registry);
        registry.AddBeforeCollectCallback(() => metrics.Show(progress()));
        app.MapGet(
            ProgressQuery.Path,
            (HttpRequest request) =>
            {
                desk.Ask(ProgressQuery.Read(environment.RunUid ?? "", name => request.Query[name]));
                return Results.Json(progress(), ContractJson.Compact);
            }
        );
        app.MapGet("/healthz", () => "ok\n");
        app.MapMetrics("/metrics", registry);
        await app.StartAsync();
        if (environment.HttpPortFile is { } file)
        {
            var addresses = app
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses;
            RankFiles.Replace(
                file,
                new Uri(addresses.First().Replace("*", "localhost").Replace("[::]", "localhost")).Port + "\n"
            );
        }

        return new PodServer(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
