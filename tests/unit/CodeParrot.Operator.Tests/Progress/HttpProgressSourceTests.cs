using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Progress;
using Microsoft.AspNetCore.Http;

namespace CodeParrot.Operator.Tests.Progress;

public class HttpProgressSourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_read()
    {
        var progress = await ReadAsync(context =>
            context.Response.WriteAsync("""{"runUid":"u","attempt":2,"stage":"train","step":7}""", Token)
        );

        Assert.Equal(("u", 2, 7L), (progress?.RunUid, progress?.Attempt, progress?.Step));
    }

    [Fact]
    public async Task An_answer_of_any_length_is_not()
    {
        Assert.Null(
            await ReadAsync(async context =>
            {
                var chunk = new string('x', 64 * 1024);
                try
                {
                    for (var i = 0; i < 1000; i++)
                    {
                        await context.Response.WriteAsync(chunk, context.RequestAborted);
                    }
                }
                catch (OperationCanceledException)
                {
                    // The reader has had enough.
                }
            })
        );
    }

    [Theory]
    [InlineData(200, "no JSON")]
    [InlineData(200, """{"message":"\ud800"}""")]
    [InlineData(200, """{"step":1e400}""")]
    [InlineData(200, "null")]
    [InlineData(500, "{}")]
    [InlineData(302, "")]
    public async Task Anything_else_is_no_answer(int status, string body)
    {
        Assert.Null(
            await ReadAsync(context =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = "http://elsewhere.invalid/";
                return context.Response.WriteAsync(body, Token);
            })
        );
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("now & then", "?run=uid-1&generation=7&checkpoint=now%20%26%20then")]
    public async Task A_request_for_a_checkpoint_goes_with_the_question(string? nonce, string query)
    {
        var asked = "";

        await ReadAsync(
            context =>
            {
                asked = context.Request.Path + context.Request.QueryString;
                return context.Response.WriteAsync("{}", Token);
            },
            nonce is null ? null : new CheckpointRequest(nonce, 7)
        );

        Assert.Equal("/progress" + query, asked);
    }

    private static async Task<RunProgress?> ReadAsync(Func<HttpContext, Task> answer, CheckpointRequest? request = null)
    {
        await using var server = await LocalServer.StartAsync(answer);
        var source = new HttpProgressSource(server.Address.Port, TimeProvider.System);
        return await source.ReadAsync(new PodObservation { Address = "127.0.0.1", RunUid = "uid-1" }, request, Token);
    }
}
