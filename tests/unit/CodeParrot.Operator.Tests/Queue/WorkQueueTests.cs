using CodeParrot.Operator.Queue;
using FsCheck;
using FsCheck.Fluent;

namespace CodeParrot.Operator.Tests.Queue;

public class WorkQueueTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Every_addition_is_followed_by_work_and_no_key_is_worked_on_twice_at_once()
    {
        // An entry adds a key at a time (in 100 ms), plainly or after a delay; workers take up to 300 ms.
        var entries = Gen.ListOf(
            from key in Gen.Choose(0, 3)
            from at in Gen.Choose(0, 30)
            from delay in Gen.Choose(0, 10)
            select (Key: key, At: at, Delay: delay)
        );
        var seeds = Gen.Choose(1, 1_000_000);

        Prop.ForAll(
                entries.ToArbitrary(),
                seeds.ToArbitrary(),
                (list, seed) => VirtualThread.Run(new VirtualTime(), time => CheckAsync(time, [.. list], seed))
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_key_that_is_added_often_comes_once()
    {
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                using var queue = Create(time);
                queue.Add("a");
                queue.Add("a");
                queue.Add("b");
                queue.Add("a");

                Assert.Equal(2, queue.Depth);
                Assert.Equal("a", await queue.TakeAsync(default));
                Assert.Equal("b", await queue.TakeAsync(default));
                Assert.Equal(0, queue.Depth);
            }
        );
    }

    [Fact]
    public void A_key_added_during_its_work_comes_again_when_the_work_is_done()
    {
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                using var queue = Create(time);
                queue.Add("a");
                await queue.TakeAsync(default);
                queue.Add("a");
                Assert.Equal(0, queue.Depth);

                queue.Done("a");

                Assert.Equal("a", await queue.TakeAsync(default));
            }
        );
    }

    [Fact]
    public void Failures_in_a_row_double_the_wait_and_success_forgets_them()
    {
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                using var queue = Create(time);
                var waits = new List<TimeSpan>();
                for (var i = 0; i < 12; i++)
                {
                    waits.Add(await FailAsync(queue, time));
                }

                queue.Forget("a");
                var after = await FailAsync(queue, time);

                for (var i = 0; i < waits.Count; i++)
                {
                    var full = Math.Min(Math.Pow(2, i), 30);
                    Assert.InRange(waits[i].TotalSeconds, full / 2, full + 0.01);
                }

                Assert.InRange(after.TotalSeconds, 0.5, 1.01);
            }
        );
    }

    [Fact]
    public void A_wait_that_the_server_asks_for_is_kept()
    {
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                using var queue = Create(time);

                var wait = await FailAsync(queue, time, TimeSpan.FromSeconds(20));

                Assert.InRange(wait.TotalSeconds, 20, 20.01);
            }
        );
    }

    [Fact]
    public void Of_two_delays_the_shorter_one_counts()
    {
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                using var queue = Create(time);
                queue.AddAfter("a", Second * 9);
                queue.AddAfter("a", Second * 3);
                queue.AddAfter("a", Second * 6);

                await queue.TakeAsync(default);
                Assert.InRange(time.Elapsed.TotalSeconds, 3, 3.01);
                queue.Done("a");
                await Task.Delay(Second * 20, time, default);

                Assert.Equal(0, queue.Depth);
            }
        );
    }

    [Fact]
    public void A_worker_that_gives_up_takes_no_key_with_it()
    {
        VirtualThread.Run(
            new VirtualTime(),
            async time =>
            {
                using var queue = Create(time);
                using var stop = new CancellationTokenSource(Second, time);
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queue.TakeAsync(stop.Token));

                queue.Add("a");

                Assert.Equal("a", await queue.TakeAsync(default));
            }
        );
    }

    private static WorkQueue<string> Create(VirtualTime time) =>
        new(new Backoff(Second, Second * 30, new Random(1)), time);

    private static async Task<TimeSpan> FailAsync(WorkQueue<string> queue, VirtualTime time, TimeSpan atLeast = default)
    {
        var before = time.Elapsed;
        queue.Retry("a", atLeast);
        await queue.TakeAsync(default);
        queue.Done("a");
        return time.Elapsed - before;
    }

    private static async Task CheckAsync(VirtualTime time, (int Key, int At, int Delay)[] entries, int seed)
    {
        var unit = TimeSpan.FromMilliseconds(100);
        var random = new Random(seed);
        using var queue = new WorkQueue<int>(new Backoff(Second, Second, random), time);
        using var stop = new CancellationTokenSource();
        var begun = new List<(int Key, TimeSpan At)>();
        var busy = new HashSet<int>();
        var workers = Enumerable.Range(0, 3).Select(_ => WorkAsync()).ToList();
        await Task.WhenAll(entries.Select(AddAsync));
        await Task.Delay(Second * 20, time, default);
        stop.Cancel();
        await Task.WhenAll(workers);

        foreach (var (key, at, delay) in entries)
        {
            // A plain addition in between may have taken a delayed one's place, but not before it was made.
            Assert.Contains(begun, b => b.Key == key && b.At >= at * unit);
        }

        Assert.True(begun.Count <= entries.Length);

        async Task AddAsync((int Key, int At, int Delay) entry)
        {
            await Task.Delay(unit * entry.At, time, default);
            queue.AddAfter(entry.Key, unit * entry.Delay);
        }

        async Task WorkAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var key = await queue.TakeAsync(stop.Token);
                    Assert.True(busy.Add(key), "one key, two workers");
                    begun.Add((key, time.Elapsed));
                    await Task.Delay(unit * random.Next(4), time, default);
                    busy.Remove(key);
                    queue.Done(key);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
