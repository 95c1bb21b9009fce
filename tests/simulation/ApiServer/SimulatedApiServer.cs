using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Scheduling;

namespace CodeParrot.Simulation.Tests.ApiServer;

/// <summary>
/// An API server in memory: answers are those of a real one (the conformance tests run one table on both), and so
/// are its vices, as the seed draws them.
/// </summary>
internal sealed class SimulatedApiServer
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CompactionInterval = TimeSpan.FromSeconds(45);

    private readonly Random _random;
    private readonly List<Watcher> _watchers = [];

    public SimulatedApiServer(Scheduler scheduler, FaultPlan faults, Random random)
    {
        Scheduler = scheduler;
        Faults = faults;
        _random = random;
        Writer = new ObjectWriter(Store, () => scheduler.UtcNow);
        Store.Listen(Tell);
        _ = new GarbageCollector(scheduler, Store, Writer, random);
        scheduler.After(BookmarkInterval, SendBookmarks);
        scheduler.After(CompactionInterval, Compact);
    }

    public Scheduler Scheduler { get; }

    public FaultPlan Faults { get; }

    public ObjectStore Store { get; } = new();

    public ObjectWriter Writer { get; }

    /// <summary>Gets or sets what is called when a client begins to write, before anything leaves it.</summary>
    public Action<WriteAttempt> WriteBegins { get; set; } = _ => { };

    /// <summary>Gets or sets what is called when the server has carried a write out.</summary>
    public Action<WriteAttempt> WriteDone { get; set; } = _ => { };

    public ListPage List(WatchFilter filter, string continueToken)
    {
        var (version, after) = continueToken.Length == 0 ? (ListVersion(), "") : Parse(continueToken);
        if (version < Store.Compacted)
        {
            throw Refusals.Expired(version);
        }

        var found = Store
            .At(filter.Type, version)
            .Where(o => filter.Covers(o) && o.Matches(filter.LabelSelector))
            .Where(o => string.CompareOrdinal(Place(o), after) > 0)
            .ToList();
        var page = Faults.Paging ? 1 + _random.Next(3) : int.MaxValue;
        var token = found.Count > page ? $"{version} {Place(found[page - 1])}" : "";
        return new ListPage([.. found.Take(page).Select(o => o.Listed)], $"{version}", token);
    }

    public Watcher Watch(SimulatedProcess process, WatchFilter filter, string resourceVersion)
    {
        var all = resourceVersion is "" or "0";
        var from = all ? Store.Version : long.Parse(resourceVersion);
        if (from < Store.Compacted)
        {
            throw Refusals.Expired(from);
        }

        var watcher = new Watcher(Scheduler, process, filter);
        if (all)
        {
            foreach (var it in Store.All(filter.Type).Where(o => filter.Covers(o) && o.Matches(filter.LabelSelector)))
            {
                watcher.Send(new WatchEvent(WatchEventKind.Added, it.Watched), Faults.EventDelay());
            }
        }

        foreach (var told in Store.Since(filter.Type, from).Select(filter.See).OfType<WatchEvent>())
        {
            watcher.Send(told, Faults.EventDelay());
        }

        _watchers.Add(watcher);
        if (Faults.WatchLifetime() is { } lifetime)
        {
            Scheduler.After(lifetime, () => Break(watcher));
        }

        return watcher;
    }

    private long ListVersion() => Math.Max(Store.Compacted, Store.Version - Faults.ListAge());

    private static string Place(StoredObject it) => $"{it.Key.Namespace}/{it.Key.Name}";

    private static (long Version, string After) Parse(string continueToken)
    {
        var parts = continueToken.Split(' ', 2);
        return (long.Parse(parts[0]), parts[1]);
    }

    private void Tell(Change change)
    {
        Scheduler.Tell("server", $"{change.Kind} {change.Object.Key} v{change.Object.Version}");
        _watchers.RemoveAll(w => !w.IsOpen || w.Process.IsDead);
        foreach (var watcher in _watchers)
        {
            if (watcher.Filter.See(change) is { } told)
            {
                watcher.Send(told, Faults.EventDelay());
                if (Faults.RepeatsEvent())
                {
                    watcher.Send(told, Faults.EventDelay());
                }
            }
        }
    }

    private void Break(Watcher watcher)
    {
        if (watcher.IsOpen && !watcher.Process.IsDead)
        {
            var failure = Faults.WatchFailure();
            Scheduler.Tell("server", $"ends a watch of {watcher.Filter.Type.Plural}: {failure?.Message ?? "timeout"}");
            watcher.End(failure, TimeSpan.Zero);
        }
    }

    private void SendBookmarks()
    {
        foreach (var watcher in _watchers.Where(w => w.IsOpen))
        {
            var bookmark = new JsonObject
            {
                ["apiVersion"] = watcher.Filter.Type.ApiVersion,
                ["kind"] = watcher.Filter.Type.Kind,
                ["metadata"] = new JsonObject { ["resourceVersion"] = $"{Store.Version}" },
            };
            watcher.Send(
                new WatchEvent(WatchEventKind.Bookmark, JsonSerializer.SerializeToElement(bookmark)),
                TimeSpan.Zero
            );
        }

        Scheduler.After(BookmarkInterval, SendBookmarks);
    }

    private void Compact()
    {
        if (Faults.Compacts())
        {
            Store.Compact(Store.Version - _random.Next(5));
            Scheduler.Tell("server", $"forgets what was before version {Store.Compacted}");
        }

        Scheduler.After(CompactionInterval, Compact);
    }
}
