using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CodeParrot.Operator.Tests.Worlds;

/// <summary>An HTTP server on loopback that answers as it is told, and remembers what it was asked.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LocalServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public Uri Address { get; }

    public List<string> Requests { get; } = [];

    public static async Task<LocalServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        LocalServer? server = null;
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var request = context.Request;
            server!.Requests.Add($"{request.Method} {request.Path}{request.QueryString} {body}".TrimEnd());
            await answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return server = new LocalServer(app, new Uri(addresses.First()));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
