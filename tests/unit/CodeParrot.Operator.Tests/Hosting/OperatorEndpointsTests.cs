using System.Text;
using CodeParrot.Operator.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CodeParrot.Operator.Tests.Hosting;

public class OperatorEndpointsTests
{
    private const int MetricsPort = 8080;
    private const int HealthPort = 8081;

    [Theory]
    [InlineData(HealthPort, "/healthz", 200, "ok\n")]
    [InlineData(HealthPort, "/readyz", 503, "caches are not filled yet: \n")]
    [InlineData(MetricsPort, "/healthz", 404, "")]
    [InlineData(MetricsPort, "/readyz", 404, "")]
    [InlineData(HealthPort, "/metrics", 404, "")]
    [InlineData(HealthPort, "/", 404, "")]
    public async Task Each_port_answers_for_its_own(int port, string path, int status, string said)
    {
        var answer = await AskAsync(port, path);

        Assert.Equal((status, said), (answer.Status, answer.Body));
        Assert.Equal("text/plain; charset=utf-8", answer.Type);
    }

    [Fact]
    public async Task Metrics_come_in_the_text_form_of_Prometheus()
    {
        var (status, body, type) = await AskAsync(MetricsPort, "/metrics");

        Assert.Equal(200, status);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", type);
        Assert.Contains("codeparrot_test_total 1\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_reading_is_answered()
    {
        Assert.Equal(405, (await AskAsync(HealthPort, "/healthz", "POST")).Status);
        Assert.Equal((200, ""), await StatusAndBodyAsync(HealthPort, "/healthz", "HEAD"));
    }

    private static async Task<(int Status, string Body)> StatusAndBodyAsync(int port, string path, string method)
    {
        var (status, body, _) = await AskAsync(port, path, method);
        return (status, body);
    }

    private static async Task<(int Status, string Body, string? Type)> AskAsync(
        int port,
        string path,
        string method = "GET"
    )
    {
        var registry = Prometheus.Metrics.NewCustomRegistry();
        Prometheus.Metrics.WithCustomRegistry(registry).CreateCounter("codeparrot_test_total", "A test.").Inc();
        var time = new VirtualTime();
        using var loop = Loops.Create(new MemoryServer(time), time);
        var endpoints = new OperatorEndpoints(loop, registry, MetricsPort, HealthPort);
        using var body = new MemoryStream();
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature { Method = method, Path = path });
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { LocalPort = port });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));

        await endpoints.ProcessRequestAsync(endpoints.CreateContext(features));

        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        return (response.StatusCode, Encoding.UTF8.GetString(body.ToArray()), response.Headers.ContentType);
    }
}
