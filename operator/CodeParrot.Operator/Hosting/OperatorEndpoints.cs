using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Prometheus;

namespace CodeParrot.Operator.Hosting;

/// <summary>
/// What the operator's process answers: /healthz, /readyz and /metrics. It is asked by the web server itself: routing
/// and a host with its services weigh more than all that is behind them.
/// </summary>
/// <param name="loop">The loop that it speaks of.</param>
/// <param name="registry">The metrics.</param>
/// <param name="metricsPort">Port of /metrics.</param>
/// <param name="healthPort">Port of /healthz and /readyz; may be the same.</param>
internal sealed class OperatorEndpoints(OperatorLoop loop, CollectorRegistry registry, int metricsPort, int healthPort)
    : IHttpApplication<IFeatureCollection>
{
    private const string PlainText = "text/plain; charset=utf-8";
    private const string MetricsText = "text/plain; version=0.0.4; charset=utf-8";

    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var request = context.GetRequiredFeature<IHttpRequestFeature>();
        var port = context.GetRequiredFeature<IHttpConnectionFeature>().LocalPort;
        if (request.Method is not ("GET" or "HEAD"))
        {
            await SayAsync(context, HttpStatusCode.MethodNotAllowed, "only GET is answered\n");
            return;
        }

        switch (request.Path)
        {
            case "/metrics" when port == metricsPort:
                await ExportAsync(context);
                break;
            case "/healthz" when port == healthPort:
                await (
                    loop.IsAlive
                        ? SayAsync(context, HttpStatusCode.OK, "ok\n")
                        : SayAsync(context, HttpStatusCode.InternalServerError, "a pass hangs\n")
                );
                break;
            case "/readyz" when port == healthPort:
                await (
                    loop.IsReady
                        ? SayAsync(context, HttpStatusCode.OK, "ok\n")
                        : SayAsync(
                            context,
                            HttpStatusCode.ServiceUnavailable,
                            $"caches are not filled yet: {loop.Problem}\n"
                        )
                );
                break;
            default:
                await SayAsync(context, HttpStatusCode.NotFound, "");
                break;
        }
    }

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
        // Nothing was made for it.
    }

    private async Task ExportAsync(IFeatureCollection context)
    {
        // Not by a callback of the registry: it keeps those in the thread that adds them, and with them the whole loop.
        loop.ShowMetrics();
        // As a whole: a metric that cannot be collected is then an error, and no answer that ends half way.
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text);
        await WriteAsync(context, HttpStatusCode.OK, MetricsText, text.GetBuffer().AsMemory(0, (int)text.Length));
    }

    private static Task SayAsync(IFeatureCollection context, HttpStatusCode status, string text) =>
        WriteAsync(context, status, PlainText, Encoding.UTF8.GetBytes(text));

    private static async Task WriteAsync(
        IFeatureCollection context,
        HttpStatusCode status,
        string type,
        ReadOnlyMemory<byte> body
    )
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.StatusCode = (int)status;
        response.Headers.ContentType = type;
        response.Headers.ContentLength = body.Length;
        if (context.GetRequiredFeature<IHttpRequestFeature>().Method != "HEAD")
        {
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().Stream.WriteAsync(body);
        }
    }
}
