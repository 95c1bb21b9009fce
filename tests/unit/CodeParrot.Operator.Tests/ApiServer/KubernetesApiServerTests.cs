using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Connection;
using k8s;
using Microsoft.AspNetCore.Http;

namespace CodeParrot.Operator.Tests.ApiServer;

public class KubernetesApiServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        await using var http = await LocalServer.StartAsync(context =>
            context.Response.WriteAsync(
                """{"metadata":{"resourceVersion":"7","continue":"more"},"items":[{"metadata":{"name":"a"}}]}""",
                Token
            )
        );
        using var client = Client(http);

        var page = await Server(client).ListAsync(ResourceType.TrainingRuns, "ns", "a=b", "", Token);
        await Server(client).ListAsync(ResourceType.Pods, null, "", "more", Token);

        Assert.Equal(("7", "more"), (page.ResourceVersion, page.Continue));
        Assert.Equal("a", page.Items[0].GetProperty("metadata").GetProperty("name").GetString());
        Assert.Equal(
            [
                "GET /apis/codeparrot.dev/v1alpha1/namespaces/ns/trainingruns?labelSelector=a%3Db&limit=100",
                "GET /api/v1/pods?limit=100&continue=more",
            ],
            http.Requests
        );
    }

    [Fact]
    public async Task A_watch_gives_its_lines_and_ends_with_the_answer()
    {
        await using var http = await LocalServer.StartAsync(async context =>
        {
            foreach (
                var part in new[] { """{"type":"ADDED","obj""", """ect":{"n":1}}""", "\n", """{"type":"BOOKMARK",""" }
            )
            {
                await context.Response.WriteAsync(part, Token);
                await context.Response.Body.FlushAsync(Token);
            }

            await context.Response.WriteAsync("\"object\":{\"n\":2}}\n", Token);
        });
        using var client = Client(http);

        var events = new List<WatchEvent>();
        await foreach (var change in Server(client).WatchAsync(ResourceType.Pods, "ns", "", "5", Token))
        {
            events.Add(change);
        }

        Assert.Equal([WatchEventKind.Added, WatchEventKind.Bookmark], events.Select(e => e.Kind));
        Assert.Equal([1, 2], events.Select(e => e.Object.GetProperty("n").GetInt32()));
        var query = "?watch=true&allowWatchBookmarks=true&resourceVersion=5&timeoutSeconds=300";
        Assert.Equal($"GET /api/v1/namespaces/ns/pods{query}", Assert.Single(http.Requests));
    }

    [Fact]
    public async Task A_watch_that_says_nothing_any_more_is_given_up()
    {
        var time = new VirtualTime();
        await using var http = await LocalServer.StartAsync(async context =>
        {
            await context.Response.WriteAsync("{\"type\":\"BOOKMARK\",\"object\":{}}\n", Token);
            await context.Response.Body.FlushAsync(Token);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = Client(http);
        var server = new KubernetesApiServer(client, time);
        await using var events = server.WatchAsync(ResourceType.Pods, null, "", "5", Token).GetAsyncEnumerator(Token);

        Assert.True(await events.MoveNextAsync());
        var givenUp = Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await events.MoveNextAsync());
        Assert.True(time.FireNext());

        await givenUp;
        Assert.InRange(time.Elapsed, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task A_watch_whose_place_is_forgotten_says_so_by_410()
    {
        await using var http = await LocalServer.StartAsync(context =>
            context.Response.WriteAsync(
                """{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"""
                    + "\n",
                Token
            )
        );
        using var client = Client(http);

        var e = await Assert.ThrowsAsync<ApiServerException>(async () =>
        {
            await foreach (var _ in Server(client).WatchAsync(ResourceType.Pods, null, "", "5", Token))
            {
                Assert.Fail("an event");
            }
        });

        Assert.Equal((HttpStatusCode.Gone, "Expired"), (e.Status, e.Reason));
    }

    [Theory]
    [InlineData(
        429,
        """{"kind":"Status","reason":"TooManyRequests","message":"m","details":{"retryAfterSeconds":3}}""",
        "TooManyRequests",
        3
    )]
    [InlineData(409, """{"kind":"Status","reason":"AlreadyExists","message":"m"}""", "AlreadyExists", null)]
    [InlineData(
        403,
        """{"kind":"Status","reason":"Forbidden","details":{"causes":[{"reason":"NamespaceTerminating"}]}}""",
        "NamespaceTerminating",
        null
    )]
    [InlineData(
        429,
        """{"kind":"Status","reason":"TooManyRequests","details":{"retryAfterSeconds":31536000}}""",
        "TooManyRequests",
        60
    )]
    [InlineData(
        503,
        """{"code":"503","reason":"Slow","details":{"retryAfterSeconds":"1","causes":[null]}}""",
        "Slow",
        null
    )]
    [InlineData(502, "<html>bad gateway</html>", "", null)]
    public async Task A_refusal_has_its_status_reason_and_wish(int status, string body, string reason, int? seconds)
    {
        await using var http = await LocalServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body, Token);
        });
        using var client = Client(http);

        var e = await Assert.ThrowsAsync<ApiServerException>(() =>
            Server(client).CreateAsync(ResourceType.Pods, Named("p"), Token)
        );

        Assert.Equal(((HttpStatusCode)status, reason), (e.Status, e.Reason));
        Assert.Equal(seconds, (int?)e.RetryAfter?.TotalSeconds);
        Assert.StartsWith("POST api/v1/namespaces/ns/pods: ", e.Message);
    }

    [Fact]
    public async Task A_deletion_names_uid_and_grace_and_does_not_mind_what_is_gone()
    {
        await using var http = await LocalServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("""{"kind":"Status","reason":"NotFound"}""", Token);
        });
        using var client = Client(http);

        await Server(client).DeleteAsync(ResourceType.Pods, "ns", "p", "u", TimeSpan.FromSeconds(1.5), Token);
        Assert.Null(await Server(client).GetAsync(ResourceType.Nodes, null, "n", Token));

        var options =
            """{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u"},"gracePeriodSeconds":2}""";
        Assert.Equal($"DELETE /api/v1/namespaces/ns/pods/p {options}", http.Requests[0]);
        Assert.Equal("GET /api/v1/nodes/n", http.Requests[1]);
    }

    [Fact]
    public async Task Writes_go_to_object_and_subresource()
    {
        await using var http = await LocalServer.StartAsync(context => context.Response.WriteAsync("{}", Token));
        using var client = Client(http);

        await Server(client).ReplaceAsync(ResourceType.TrainingRuns, Named("r"), "status", Token);
        await Server(client).PatchAsync(ResourceType.TrainingRuns, "ns", "r", [], Token);

        var path = "/apis/codeparrot.dev/v1alpha1/namespaces/ns/trainingruns/r";
        Assert.Equal("PUT " + path + """/status {"metadata":{"namespace":"ns","name":"r"}}""", http.Requests[0]);
        Assert.Equal($"PATCH {path} {{}}", http.Requests[1]);
    }

    private static ServerConnection Client(LocalServer server) =>
        new(new KubernetesClientConfiguration { Host = server.Address.ToString(), DisableHttp2 = true });

    private static KubernetesApiServer Server(ServerConnection client) => new(client, TimeProvider.System);

    private static JsonObject Named(string name) =>
        new()
        {
            ["metadata"] = new JsonObject { ["namespace"] = "ns", ["name"] = name },
        };
}
