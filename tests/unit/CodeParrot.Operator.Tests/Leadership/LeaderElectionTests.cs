using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Leadership;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeParrot.Operator.Tests.Leadership;

public class LeaderElectionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_lease_that_is_given_back_is_taken_over_at_once()
    {
        Run(
            async (time, server) =>
            {
                var (a, b) = (new Candidate(server, time, "a", 1), new Candidate(server, time, "b", 2));
                await Task.Delay(Second * 30, time, default);
                Assert.True(a.Election.IsLeader ^ b.Election.IsLeader);
                var (leader, other) = a.Election.IsLeader ? (a, b) : (b, a);

                await leader.StopAsync();
                Assert.False(leader.Election.IsLeader);
                var stopped = time.Elapsed;
                while (!other.Election.IsLeader)
                {
                    await Task.Delay(Second / 10, time, default);
                }

                Assert.True(time.Elapsed - stopped < Second * 4);
                await other.StopAsync();
            }
        );
    }

    [Fact]
    public void Two_never_lead_at_once_whatever_becomes_of_their_requests()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var first = seed * 10;
            var random = new Random(seed);
            Run(
                async (time, server) =>
                {
                    var candidates = Enumerable
                        .Range(0, 3)
                        .Select(i => new Candidate(new Flaky(server, time, random), time, $"c{i}", first + i))
                        .ToList();
                    var led = new HashSet<string>();
                    for (var i = 0; i < 2000; i++)
                    {
                        await Task.Delay(Second / 5, time, default);
                        var leaders = candidates.Where(c => c.Election.IsLeader).Select(c => c.Name).ToList();
                        Assert.True(leaders.Count <= 1, $"{string.Join(" and ", leaders)} lead");
                        led.UnionWith(leaders);
                    }

                    Assert.NotEmpty(led);
                    await Task.WhenAll(candidates.Select(c => c.StopAsync()));
                }
            );
        }
    }

    [Fact]
    public void No_write_begins_after_the_deadline_even_if_it_waited_for_its_turn_before()
    {
        Run(
            async (time, server) =>
            {
                var candidate = new Candidate(server, time, "a", 1);
                await Task.Delay(Second * 5, time, default);
                Assert.True(candidate.Election.IsLeader);
                // One request a second: the tenth waits for longer than the lease is good for.
                var gated = new RateLimit(new WriteGate(server, candidate.Election), 0.5, 1, time);
                server.Before = what =>
                    what.Contains("leases", StringComparison.Ordinal)
                        ? throw new IOException("no route")
                        : Task.CompletedTask;
                server.Writes.Clear();

                var writes = Enumerable
                    .Range(0, 10)
                    .Select(i => gated.CreateAsync(ResourceType.TrainingRuns, Loops.Run($"r{i}"), default))
                    .ToList();
                await Task.WhenAny(Task.WhenAll(writes), Task.Delay(Second * 60, time, default));

                var begun = server.Writes.Count(w => w.StartsWith("create trainingruns", StringComparison.Ordinal));
                Assert.InRange(begun, 1, 6);
                Assert.Equal(10 - begun, writes.Count(w => w.IsFaulted));
                Assert.All(
                    writes.Where(w => w.IsFaulted),
                    w =>
                        Assert.Equal("NotLeader", Assert.IsType<ApiServerException>(w.Exception!.InnerException).Reason)
                );
                server.Before = _ => Task.CompletedTask;
                await candidate.StopAsync();
            }
        );
    }

    private static void Run(Func<VirtualTime, MemoryServer, Task> body)
    {
        var time = new VirtualTime();
        VirtualThread.Run(time, () => body(time, new MemoryServer(time)));
    }

    private sealed class Candidate
    {
        private readonly VirtualTime _time;
        private readonly Task _running;
        private Action _stop = () => { };

        public Candidate(IApiServer server, VirtualTime time, string name, int seed)
        {
            _time = time;
            Name = name;
            Election = new LeaderElection(
                server,
                Loops.Options with
                {
                    Identity = name,
                },
                time,
                new Random(seed),
                Loops.Metrics(),
                NullLogger<LeaderElection>.Instance
            );
            _running = RunAsync();
        }

        public string Name { get; }

        public LeaderElection Election { get; }

        public async Task StopAsync()
        {
            Assert.Null(_running.Exception);
            _stop();
            while (!_running.IsCompleted)
            {
                await Task.Delay(Second / 10, _time, default);
            }

            Assert.True(_running.IsCompletedSuccessfully);
        }

        private async Task RunAsync()
        {
            using var stop = new CancellationTokenSource();
            _stop = stop.Cancel;
            await Election.RunAsync(
                async lost =>
                {
                    while (!lost.IsCancellationRequested && !stop.IsCancellationRequested)
                    {
                        await Task.Delay(Second / 2, _time, default);
                    }
                },
                stop.Token
            );
        }
    }

    /// <summary>Requests take up to 12 seconds, and fail before or after they were carried out.</summary>
    private sealed class Flaky(IApiServer inner, VirtualTime time, Random random) : ApiServerFilter(inner)
    {
        private TimeSpan _badUntil;

        protected override async Task<T> PassAsync<T>(
            ApiVerb verb,
            ResourceType type,
            Func<Task<T>> send,
            CancellationToken cancellationToken
        )
        {
            if (random.Next(20) == 0)
            {
                _badUntil = time.Elapsed + (Second * random.Next(40));
            }

            var bad = time.Elapsed < _badUntil;
            await Task.Delay(bad ? Second * random.NextDouble() * 12 : Second / 100, time, cancellationToken);
            if (bad && random.Next(2) == 0)
            {
                throw new IOException("lost on the way there");
            }

            var answer = await send();
            return bad && random.Next(2) == 0 ? throw new IOException("lost on the way back") : answer;
        }
    }
}
