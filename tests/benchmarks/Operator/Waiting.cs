using System.Diagnostics;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>Waits for what a benchmark needs before it goes on.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    // Longer than the operator keeps numbers back that change all the time.
    private const int QuietSeconds = 12;
    private const int MaxQuietTries = 10;

    /// <summary>Asks again and again until it is so.</summary>
    /// <exception cref="TimeoutException">It never became so.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Limit)
            {
                throw new TimeoutException($"{what}: not so after {Limit}");
            }

            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) =>
        UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>Lets seconds pass.</summary>
    public static Task SecondsAsync(int seconds) =>
        Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, CancellationToken.None);

    /// <summary>
    /// Waits until the operator writes nothing for a while, or gives up on that: the figures will tell.
    /// </summary>
    public static async Task UntilQuietAsync(OperatorProcess process)
    {
        for (var (count, tries) = (-1.0, 0); tries < MaxQuietTries; tries++)
        {
            var now = (await process.ScrapeAsync()).WriteCount;
            if (now == count)
            {
                return;
            }

            count = now;
            await SecondsAsync(QuietSeconds);
        }
    }

    /// <summary>Does something for all items, so many at once.</summary>
    public static Task ForAllAsync<T>(IEnumerable<T> items, int atOnce, Func<T, Task> act) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (item, _) => await act(item)
        );

    /// <summary>Does something for items as they come, so many at once.</summary>
    public static Task ForAllAsync<T>(IAsyncEnumerable<T> items, int atOnce, Func<T, Task> act) =>
        Parallel.ForEachAsync(
            items,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce },
            async (item, _) => await act(item)
        );
}
