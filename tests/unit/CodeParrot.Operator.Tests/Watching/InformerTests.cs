using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace CodeParrot.Operator.Tests.Watching;

public class InformerTests
{
    private const string Selector = "mine=yes";

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_to_watches_the_cache_becomes_what_the_server_has(int seed)
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);
        var random = new Random(seed);
        var told = new HashSet<RunKey>();
        var store = new Store<string>(r => told.Add(r));

        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                var informer = Create(server, store, time, seed);
                var running = informer.RunAsync(stop.Token);
                for (var i = 0; i < 200; i++)
                {
                    var made = await HappenAsync(server, random);
                    await Task.Delay(TimeSpan.FromMilliseconds(random.Next(300)), time, default);
                    if (made is not null && random.Next(2) == 0)
                    {
                        store.Foresee(Project(JsonSerializer.SerializeToElement(made)));
                    }
                }

                server.Before = _ => Task.CompletedTask;
                await Task.Delay(TimeSpan.FromMinutes(2), time, default);
                Assert.True(informer.IsSynced);
                Assert.Equal(1, server.OpenWatches);
                stop.Cancel();
                await running;
            }
        );

        Assert.Equal(Kept(server), store.All().Select(o => (o.Key.Name, o.Value)).Order());
        Assert.All(store.All(), o => Assert.Contains(o.Run!, told));
    }

    [Fact]
    public void A_repeated_addition_does_not_bring_a_deleted_object_back()
    {
        var time = new VirtualTime();
        var store = new Store<string>(_ => { });
        var item = Item("a", "1");

        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                item["metadata"]!["resourceVersion"] = "7";
                var gone = item.DeepClone().AsObject();
                gone["metadata"]!["resourceVersion"] = "8";
                var server = new ScriptedServer([
                    new(WatchEventKind.Added, JsonSerializer.SerializeToElement(item)),
                    new(WatchEventKind.Deleted, JsonSerializer.SerializeToElement(gone)),
                    new(WatchEventKind.Added, JsonSerializer.SerializeToElement(item)),
                ]);
                var running = Create(server, store, time, 1).RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                stop.Cancel();
                await running;
            }
        );

        Assert.Empty(store.All());
        Assert.Equal(2, store.Changes);
    }

    [Fact]
    public void An_object_that_cannot_be_read_does_not_end_the_cache()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);
        var store = new Store<string>(_ => { });

        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                var informer = Create(server, store, time, 1);
                var running = informer.RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                var bad = Item("bad", "1");
                bad.Remove("value");
                await server.CreateAsync(ResourceType.Pods, bad, default);
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                Assert.NotEqual("", informer.Problem);
                Assert.True(store.IsOutdated);

                server.Remove(ResourceType.Pods, "bad", "default");
                await server.CreateAsync(ResourceType.Pods, Item("good", "1"), default);
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);
                Assert.Equal("", informer.Problem);
                Assert.False(store.IsOutdated);
                stop.Cancel();
                await running;
            }
        );

        Assert.Equal("good", Assert.Single(store.All()).Key.Name);
    }

    [Fact]
    public void What_a_silent_watch_kept_back_is_there_after_a_refresh()
    {
        var time = new VirtualTime();
        var store = new Store<string>(_ => { });
        var item = Item("a", "1");
        item["metadata"]!["resourceVersion"] = "7";

        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                var server = new ScriptedServer([]);
                var informer = Create(server, store, time, 1);
                var running = informer.RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                server.Items = [JsonSerializer.SerializeToElement(item)];
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                var before = store.All().Count;

                informer.Refresh();
                Assert.False(informer.IsFresh);
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);

                Assert.Equal(0, before);
                Assert.True(informer.IsFresh);
                stop.Cancel();
                await running;
            }
        );

        Assert.Equal("a", Assert.Single(store.All()).Key.Name);
    }

    [Fact]
    public void A_list_older_than_what_was_heard_of_another_type_is_not_believed_either()
    {
        var heard = new HeardVersion();
        heard.Hear(9);

        FollowOneItem(
            version: "8",
            heard,
            async (server, _, store, time) =>
            {
                var early = store.All().Count;
                server.Version = "9";
                await Task.Delay(TimeSpan.FromMinutes(1), time, default);

                Assert.Equal((0, 1), (early, store.All().Count));
            }
        );
    }

    [Fact]
    public void A_list_older_than_what_was_seen_is_not_believed_until_it_comes_again_and_again() =>
        FollowOneItem(
            version: "9",
            new HeardVersion(),
            async (server, informer, store, time) =>
            {
                (server.Items, server.Version) = ([], "5");

                informer.Refresh();
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                var soon = store.All().Count;
                await Task.Delay(TimeSpan.FromMinutes(30), time, default);

                Assert.Equal((1, 0), (soon, store.All().Count));
            }
        );

    [Fact]
    public void A_list_that_shows_nothing_new_tells_of_nothing()
    {
        var time = new VirtualTime();
        var server = new MemoryServer(time);
        var told = 0;
        var store = new Store<string>(_ => told++);

        VirtualThread.Run(
            time,
            async () =>
            {
                await server.CreateAsync(ResourceType.Pods, Item("a", "1"), default);
                using var stop = new CancellationTokenSource();
                var running = Create(server, store, time, 1).RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromSeconds(5), time, default);
                Assert.Equal(1, told);

                server.Forget();
                server.Remove(ResourceType.Pods, "a", "default");
                await server.CreateAsync(ResourceType.Pods, Item("a", "1"), default);
                await Task.Delay(TimeSpan.FromSeconds(5), time, default);
                var before = told;
                server.Forget();
                server.BreakWatches();
                await Task.Delay(TimeSpan.FromSeconds(60), time, default);

                Assert.Equal(before, told);
                stop.Cancel();
                await running;
            }
        );
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    // A server with one object, of version 7, in a list of this version, followed for a second.
    private static void FollowOneItem(
        string version,
        HeardVersion heard,
        Func<ScriptedServer, Informer<string>, Store<string>, VirtualTime, Task> body
    )
    {
        var time = new VirtualTime();
        var store = new Store<string>(_ => { });
        var item = Item("a", "1");
        item["metadata"]!["resourceVersion"] = "7";
        VirtualThread.Run(
            time,
            async () =>
            {
                using var stop = new CancellationTokenSource();
                var server = new ScriptedServer([])
                {
                    Items = [JsonSerializer.SerializeToElement(item)],
                    Version = version,
                };
                var informer = Create(server, store, time, 1, heard);
                var running = informer.RunAsync(stop.Token);
                await Task.Delay(TimeSpan.FromSeconds(1), time, default);
                await body(server, informer, store, time);
                stop.Cancel();
                await running;
            }
        );
    }

    private static Informer<string> Create(
        IApiServer server,
        Store<string> store,
        VirtualTime time,
        int seed,
        HeardVersion? heard = null
    ) =>
        new(
            server,
            ResourceType.Pods,
            Selector,
            Project,
            store,
            heard ?? new HeardVersion(),
            Loops.Options,
            time,
            new Random(seed),
            Loops.Metrics(),
            NullLogger.Instance
        );

    private static CachedObject<string> Project(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var name = metadata.GetProperty("name").GetString()!;
        return new CachedObject<string>(
            new ObjectKey("default", name),
            new RunKey("default", name),
            metadata.GetProperty("resourceVersion").GetString()!,
            item.GetProperty("value").GetString()!
        );
    }

    private static async Task<JsonObject?> HappenAsync(MemoryServer server, Random random)
    {
        var name = $"o{random.Next(8)}";
        var exists = server.Find(ResourceType.Pods, name) is not null;
        switch (random.Next(12))
        {
            case < 6 when !exists:
                server.Before = _ => Task.CompletedTask;
                return await server.CreateAsync(ResourceType.Pods, Item(name, $"{random.Next()}"), default);
            case < 4:
                server.Edit(ResourceType.Pods, name, o => o["value"] = $"{random.Next()}");
                break;
            case 4:
                // Out of the selection, or back into it.
                var mine = random.Next(2) == 0 ? "yes" : "no";
                server.Edit(ResourceType.Pods, name, o => o["metadata"]!["labels"]!["mine"] = mine);
                break;
            case 5:
                server.Remove(ResourceType.Pods, name, "default");
                break;
            case 6:
                server.BreakWatches();
                break;
            case 7:
                server.Forget();
                server.BreakWatches();
                break;
            case 8:
                server.Before = _ => throw new ApiServerException(HttpStatusCode.TooManyRequests, "", "slow down");
                server.BreakWatches();
                break;
            case 9:
                server.Before = _ => throw new IOException("no route");
                break;
            case 10:
                server.Before = _ => Task.CompletedTask;
                break;
            case 11:
                server.Repeats = !server.Repeats;
                break;
        }

        return null;
    }

    private static JsonObject Item(string name, string value) =>
        new()
        {
            ["metadata"] = new JsonObject
            {
                ["namespace"] = "default",
                ["name"] = name,
                ["labels"] = new JsonObject { ["mine"] = "yes" },
            },
            ["value"] = value,
        };

    private static IEnumerable<(string, string)> Kept(MemoryServer server) =>
        server
            .All(ResourceType.Pods)
            .Where(o => (string?)o["metadata"]!["labels"]!["mine"] == "yes")
            .Select(o => ((string)o["metadata"]!["name"]!, (string)o["value"]!))
            .Order();
}
