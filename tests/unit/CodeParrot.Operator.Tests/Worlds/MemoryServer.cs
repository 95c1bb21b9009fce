using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Tests.Worlds;

/// <summary>
/// An API server in memory, for one thread: objects with versions, watches over a history, and the faults that a test
/// asks for.
/// </summary>
internal sealed class MemoryServer(TimeProvider time) : IApiServer
{
    private readonly SortedDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<Change> _history = [];
    private TaskCompletionSource _changed = new();
    private long _version = 100;
    private long _forgotten;
    private long _broken;

    /// <summary>Every write that was begun: verb and path, with the subresource.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>Called before each request is carried out; what it throws is the answer.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Watches that are open.</summary>
    public int OpenWatches { get; private set; }

    /// <summary>Every event is told twice.</summary>
    public bool Repeats { get; set; }

    public IEnumerable<JsonObject> All(ResourceType type) =>
        _objects.Where(o => o.Key.StartsWith($"{type.Plural}/", StringComparison.Ordinal)).Select(o => o.Value);

    public JsonObject? Find(ResourceType type, string name, string ns = "default") =>
        _objects.GetValueOrDefault(PathOf(type, ns, name));

    /// <summary>Ends all watches with an error.</summary>
    public void BreakWatches()
    {
        _broken++;
        Signal();
    }

    /// <summary>Forgets the history: watches from before are gone (410).</summary>
    public void Forget() => _forgotten = _version;

    public async Task<ListPage> ListAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string continueToken,
        CancellationToken cancellationToken
    )
    {
        const int PageSize = 3;
        await EnterAsync($"list {type.Plural}", cancellationToken);
        var (version, after) =
            continueToken.Length == 0
                ? (_version, "")
                : (long.Parse(continueToken.Split('|')[0]), continueToken.Split('|')[1]);
        var page = _objects
            .Where(o => o.Key.StartsWith($"{type.Plural}/{ns}", StringComparison.Ordinal))
            .Where(o => string.CompareOrdinal(o.Key, after) > 0 && Selects(labelSelector, o.Value))
            .Take(PageSize + 1)
            .ToList();
        var more = page.Count > PageSize ? $"{version}|{page[PageSize - 1].Key}" : "";
        return new ListPage([.. page.Take(PageSize).Select(o => ElementOf(o.Value))], $"{version}", more);
    }

    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceType type,
        string? ns,
        string labelSelector,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await EnterAsync($"watch {type.Plural}", cancellationToken);
        var position = long.Parse(resourceVersion);
        if (position < _forgotten)
        {
            throw new ApiServerException(HttpStatusCode.Gone, "Expired", "too old resource version");
        }

        OpenWatches++;
        try
        {
            var broken = _broken;
            while (true)
            {
                var changed = _changed.Task;
                foreach (
                    var change in _history
                        .Where(h =>
                            h.Version > position && h.Path.StartsWith($"{type.Plural}/", StringComparison.Ordinal)
                        )
                        .ToList()
                )
                {
                    position = change.Version;
                    if (Seen(change, labelSelector) is not { } kind)
                    {
                        continue;
                    }

                    yield return new WatchEvent(kind, ElementOf(change.Object));
                    if (Repeats)
                    {
                        yield return new WatchEvent(kind, ElementOf(change.Object));
                    }
                }

                if (broken != _broken)
                {
                    throw new IOException("the connection broke");
                }

                await changed.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            OpenWatches--;
        }
    }

    public async Task<JsonObject?> GetAsync(ResourceType type, string? ns, string name, CancellationToken token)
    {
        await EnterAsync($"get {PathOf(type, ns, name)}", token);
        return _objects.GetValueOrDefault(PathOf(type, ns, name))?.DeepClone().AsObject();
    }

    public async Task<JsonObject> CreateAsync(ResourceType type, JsonObject body, CancellationToken cancellationToken)
    {
        var path = PathOf(type, body);
        await WriteAsync($"create {path}", cancellationToken);
        if (_objects.ContainsKey(path))
        {
            throw new ApiServerException(HttpStatusCode.Conflict, "AlreadyExists", $"{path} exists");
        }

        var kept = body.DeepClone().AsObject();
        kept["metadata"]!["uid"] = $"uid-{_version}";
        kept["metadata"]!["generation"] = 1;
        kept["metadata"]!["creationTimestamp"] = time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        return Keep(type, WatchEventKind.Added, kept);
    }

    public async Task<JsonObject> ReplaceAsync(
        ResourceType type,
        JsonObject body,
        string subresource,
        CancellationToken cancellationToken
    )
    {
        var path = PathOf(type, body);
        await WriteAsync($"replace {path} {subresource}".TrimEnd(), cancellationToken);
        var current = Current(path);
        CheckVersion(current, (string?)body["metadata"]?["resourceVersion"], path);
        var kept = current.DeepClone().AsObject();
        foreach (var field in body.Where(f => f.Key != "metadata" && (subresource.Length == 0 || f.Key == subresource)))
        {
            kept[field.Key] = field.Value?.DeepClone();
        }

        // A write that changes nothing is none, as on a real server.
        return JsonNode.DeepEquals(kept, current) ? kept : Keep(type, WatchEventKind.Modified, kept);
    }

    public async Task<JsonObject> PatchAsync(
        ResourceType type,
        string? ns,
        string name,
        JsonObject mergePatch,
        CancellationToken cancellationToken
    )
    {
        var path = PathOf(type, ns, name);
        await WriteAsync($"patch {path}", cancellationToken);
        var kept = Current(path).DeepClone().AsObject();
        CheckVersion(kept, (string?)mergePatch["metadata"]?["resourceVersion"], path);
        Merge(kept, mergePatch);
        if (
            kept["metadata"]!["deletionTimestamp"] is not null
            && kept["metadata"]!["finalizers"] is JsonArray { Count: 0 }
        )
        {
            Remove(type, path);
            return kept;
        }

        return Keep(type, WatchEventKind.Modified, kept);
    }

    public async Task DeleteAsync(
        ResourceType type,
        string? ns,
        string name,
        string uid,
        TimeSpan? grace,
        CancellationToken cancellationToken
    )
    {
        var path = PathOf(type, ns, name);
        await WriteAsync($"delete {path}", cancellationToken);
        if (!_objects.TryGetValue(path, out var current))
        {
            return;
        }

        if (uid.Length > 0 && (string?)current["metadata"]!["uid"] != uid)
        {
            throw new ApiServerException(HttpStatusCode.Conflict, "Conflict", $"{path} has another UID");
        }

        Remove(type, path);
    }

    /// <summary>Changes an object from outside, as a kubelet or a person would.</summary>
    public void Edit(ResourceType type, string name, Action<JsonObject> edit, string ns = "default")
    {
        var kept = Current(PathOf(type, ns, name)).DeepClone().AsObject();
        edit(kept);
        Keep(type, WatchEventKind.Modified, kept);
    }

    /// <summary>Removes an object from outside.</summary>
    public void Remove(ResourceType type, string name, string ns) => Remove(type, PathOf(type, ns, name));

    private static string PathOf(ResourceType type, string? ns, string name) => $"{type.Plural}/{ns}/{name}";

    private static string PathOf(ResourceType type, JsonObject body) =>
        PathOf(type, (string?)body["metadata"]!["namespace"], (string?)body["metadata"]!["name"] ?? "");

    private static JsonElement ElementOf(JsonObject item) => JsonSerializer.SerializeToElement(item);

    private static bool Selects(string selector, JsonObject item) =>
        selector.Length == 0
        || selector
            .Split(',')
            .Select(term => term.Split('='))
            .All(term => (string?)item["metadata"]?["labels"]?[term[0]] == term[1]);

    // An object that leaves the selection is told of as deleted, as a real server does.
    private WatchEventKind? Seen(Change change, string selector)
    {
        var now = change.Kind != WatchEventKind.Deleted && Selects(selector, change.Object);
        var before = _history.FindLast(h => h.Version < change.Version && h.Path == change.Path);
        var then = before is not null && before.Kind != WatchEventKind.Deleted && Selects(selector, before.Object);
        return (then, now) switch
        {
            (false, true) => WatchEventKind.Added,
            (true, true) => WatchEventKind.Modified,
            (true, false) => WatchEventKind.Deleted,
            _ => null,
        };
    }

    private static void CheckVersion(JsonObject current, string? version, string path)
    {
        if (version is { Length: > 0 } && version != (string?)current["metadata"]!["resourceVersion"])
        {
            throw new ApiServerException(HttpStatusCode.Conflict, "Conflict", $"{path} was changed");
        }
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            if (value is JsonObject below && target[key] is JsonObject own)
            {
                Merge(own, below);
            }
            else
            {
                target[key] = value?.DeepClone();
            }
        }
    }

    private JsonObject Current(string path) =>
        _objects.GetValueOrDefault(path)
        ?? throw new ApiServerException(HttpStatusCode.NotFound, "NotFound", $"{path} does not exist");

    private JsonObject Keep(ResourceType type, WatchEventKind kind, JsonObject item)
    {
        // As it comes over a wire: numbers are numbers, whatever C# type they were written from.
        item = JsonNode.Parse(item.ToJsonString())!.AsObject();
        item["metadata"]!["resourceVersion"] = $"{++_version}";
        _objects[PathOf(type, item)] = item;
        _history.Add(new Change(_version, kind, PathOf(type, item), item));
        Signal();
        return item.DeepClone().AsObject();
    }

    private void Remove(ResourceType type, string path)
    {
        _objects.Remove(path, out var gone);
        gone = gone!.DeepClone().AsObject();
        gone["metadata"]!["resourceVersion"] = $"{++_version}";
        _history.Add(new Change(_version, WatchEventKind.Deleted, path, gone));
        Signal();
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = new TaskCompletionSource();
        changed.SetResult();
    }

    private Task WriteAsync(string what, CancellationToken cancellationToken)
    {
        Writes.Add(what);
        return EnterAsync(what, cancellationToken);
    }

    private async Task EnterAsync(string what, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
        await Before(what);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private sealed record Change(long Version, WatchEventKind Kind, string Path, JsonObject Object);
}
