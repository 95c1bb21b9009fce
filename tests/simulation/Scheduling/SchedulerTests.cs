using System.Threading.Channels;

namespace CodeParrot.Simulation.Tests.Scheduling;

public sealed class SchedulerTests
{
    [Fact]
    public void The_same_seed_gives_the_same_history() =>
        Assert.All(Enumerable.Range(0, 20), seed => Assert.Equal(Play(seed), Play(seed)));

    [Fact]
    public void Seeds_give_different_histories() =>
        Assert.True(Enumerable.Range(0, 20).Select(Play).Distinct().Count() > 15);

    [Fact]
    public void Time_is_virtual()
    {
        var scheduler = new Scheduler(1, new Trace());
        var process = new SimulatedProcess(scheduler, 1, "sleeper");
        process.Start(async () => await Task.Delay(TimeSpan.FromDays(3), process.Time));

        Assert.True(scheduler.RunUntil(() => process.HasEnded, TimeSpan.FromDays(4)));
        Assert.Equal(3, scheduler.Now.TotalDays, 3);
    }

    [Fact]
    public void Nothing_of_a_killed_process_runs()
    {
        var scheduler = new Scheduler(1, new Trace());
        var process = new SimulatedProcess(scheduler, 1, "victim");
        var after = false;
        process.Start(async () =>
        {
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(2), process.Time);
            }
            finally
            {
                after = true;
            }
        });
        scheduler.After(TimeSpan.FromSeconds(1), process.Kill);

        scheduler.RunUntil(() => false, TimeSpan.FromSeconds(10));

        Assert.False(after);
    }

    [Fact]
    public void A_paused_process_goes_on_where_it_was()
    {
        var scheduler = new Scheduler(1, new Trace());
        var process = new SimulatedProcess(scheduler, 1, "sleeper");
        process.Start(async () => await Task.Delay(TimeSpan.FromSeconds(2), process.Time));
        scheduler.After(TimeSpan.FromSeconds(1), () => process.Pause(TimeSpan.FromSeconds(10)));

        scheduler.RunUntil(() => process.HasEnded, TimeSpan.FromSeconds(60));

        Assert.Equal(11, scheduler.Now.TotalSeconds, 3);
    }

    [Fact]
    public void Code_that_leaves_the_scheduler_is_found_out()
    {
        var scheduler = new Scheduler(1, new Trace());
        var process = new SimulatedProcess(scheduler, 1, "runaway");
        // A timer of the real clock fires on the thread pool.
        process.Start(async () => await Task.Delay(20, TestContext.Current.CancellationToken));

        Assert.Throws<SchedulerLeftException>(() =>
        {
            for (var i = 0; i < 6000 && !process.HasEnded; i++)
            {
                scheduler.RunUntil(() => process.HasEnded, TimeSpan.Zero);
                Thread.Sleep(10);
            }
        });
    }

    private static string Play(int seed)
    {
        var scheduler = new Scheduler(seed, new Trace());
        var channel = Channel.CreateUnbounded<int>();
        for (var id = 1; id <= 3; id++)
        {
            var process = new SimulatedProcess(scheduler, id, $"writer-{id}");
            process.Start(() => WriteAsync(scheduler, process, channel.Writer));
        }

        var reader = new SimulatedProcess(scheduler, 4, "reader");
        reader.Start(() => ReadAsync(scheduler, channel.Reader));
        scheduler.RunUntil(() => false, TimeSpan.FromSeconds(5));
        return scheduler.Trace.Hash;
    }

    private static async Task WriteAsync(Scheduler scheduler, SimulatedProcess process, ChannelWriter<int> writer)
    {
        for (var i = 0; i < 5; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), process.Time);
            await writer.WriteAsync(i);
            scheduler.Tell(process.Name, $"wrote {i}");
        }
    }

    private static async Task ReadAsync(Scheduler scheduler, ChannelReader<int> reader)
    {
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out var value))
            {
                scheduler.Tell("reader", $"read {value}");
            }
        }
    }
}
