using CodeParrot.Storage.S3;

namespace CodeParrot.Storage.Tests.S3;

public class BackoffTests
{
    private static readonly StoreLocation Location = StoreLocation.Parse("s3://bucket/prefix");

    private readonly VirtualTime _time = new();
    private readonly StoreOptions _options = new()
    {
        Uri = "s3://bucket",
        RetryBudget = TimeSpan.FromMinutes(5),
        MaxRetryDelay = TimeSpan.FromSeconds(15),
    };

    [Fact]
    public async Task Outlasts_a_restart_of_minutes_and_then_gives_the_first_cause()
    {
        var backoff = new Backoff(_options, _time, () => 0.5);
        var began = _time.GetUtcNow();
        var tries = 0;

        var fault = await Assert.ThrowsAsync<StoreUnreachableException>(async () =>
        {
            while (tries < 1000)
                await backoff.WaitAsync(Location, "key", new IOException($"cause {tries++}"), CancellationToken.None);
        });

        Assert.Equal("cause 0", fault.InnerException!.Message);
        Assert.Equal(TimeSpan.FromMinutes(5), _time.GetUtcNow() - began);
        Assert.InRange(tries, 20, 60);
        Assert.Contains("s3://bucket/prefix/key", fault.Message);
    }

    [Fact]
    public async Task Waits_double_to_a_bound_and_are_drawn_below_it()
    {
        var draws = new Queue<double>([1, 1, 0.25, 1, 1, 1, 1]);
        var backoff = new Backoff(_options, _time, draws.Dequeue);

        while (draws.Count > 0)
            await backoff.WaitAsync(Location, "key", new IOException(), CancellationToken.None);

        Assert.Equal([0.5, 1, 0.5, 4, 8, 15, 15], _time.Waits.Select(wait => wait.TotalSeconds));
    }

    [Fact]
    public async Task Progress_renews_the_budget()
    {
        var backoff = new Backoff(_options, _time, () => 1);

        for (var i = 0; i < 10; i++)
        {
            await backoff.WaitAsync(Location, "key", new IOException(), CancellationToken.None);
            _time.Advance(TimeSpan.FromMinutes(4));
            backoff.NoteProgress();
        }

        Assert.All(_time.Waits, wait => Assert.Equal(TimeSpan.FromSeconds(0.5), wait));
    }
}
