using System.Net;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Tests.ApiServer;

public class RateLimitTests
{
    [Fact]
    public void A_burst_goes_at_once_and_the_rest_at_the_rate()
    {
        var times = new List<double>();
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                var server = new MemoryServer(time) { Before = _ => NoteAsync(times, time) };
                var limited = new RateLimit(server, 10, 5, time);

                await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => AskAsync(limited)));
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);
                await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AskAsync(limited)));
            }
        );

        Assert.All(times.Take(5), t => Assert.Equal(0, t));
        Assert.Equal(
            Enumerable.Range(1, 10).Select(i => i / 10.0),
            times.Skip(5).Take(10).Select(t => Math.Round(t, 3))
        );
        Assert.Single(times.Skip(15).Distinct());
    }

    [Fact]
    public void A_server_that_asks_to_be_left_alone_is_left_alone_by_all()
    {
        var times = new List<double>();
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                var server = new MemoryServer(time);
                var limited = new RateLimit(server, 1000, 1000, time);
                server.Before = _ =>
                    throw new ApiServerException(
                        HttpStatusCode.TooManyRequests,
                        "TooManyRequests",
                        "slow",
                        TimeSpan.FromSeconds(4)
                    );
                await Assert.ThrowsAsync<ApiServerException>(() => AskAsync(limited));

                server.Before = _ => NoteAsync(times, time);
                await Task.WhenAll(AskAsync(limited), AskAsync(limited));
            }
        );

        Assert.Equal([4, 4], times);
    }

    private static Task NoteAsync(List<double> times, VirtualTime time)
    {
        times.Add(time.Elapsed.TotalSeconds);
        return Task.CompletedTask;
    }

    private static async Task AskAsync(RateLimit server) =>
        await server.GetAsync(ResourceType.Pods, "ns", "p", default);
}
