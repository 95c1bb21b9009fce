using System.Globalization;
using Prometheus;

namespace CodeParrot.Operator.Hosting;

/// <summary>What the operator's process answers: /healthz, /readyz and /metrics.</summary>
internal static class OperatorEndpoints
{
    /// <summary>A server that answers, not started yet.</summary>
    /// <param name="loop">The loop that it speaks of.</param>
    /// <param name="registry">The metrics.</param>
    /// <param name="metricsPort">Port of /metrics.</param>
    /// <param name="healthPort">Port of /healthz and /readyz; may be the same.</param>
    public static WebApplication Build(OperatorLoop loop, CollectorRegistry registry, int metricsPort, int healthPort)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls([
            .. new[] { metricsPort, healthPort }
                .Distinct()
                .Select(p => string.Create(CultureInfo.InvariantCulture, $"http://*:{p}")),
        ]);
        var app = builder.Build();

        app.MapGet(
                "/healthz",
                () => loop.IsAlive ? Results.Text("ok\n") : Results.Text("a pass hangs\n", statusCode: 500)
            )
            .RequireHost($"*:{healthPort}");
        app.MapGet(
                "/readyz",
                () =>
                    loop.IsReady
                        ? Results.Text("ok\n")
                        : Results.Text($"caches are not filled yet: {loop.Problem}\n", statusCode: 503)
            )
            .RequireHost($"*:{healthPort}");
        app.MapMetrics("/metrics", registry).RequireHost($"*:{metricsPort}");
        return app;
    }
}
