using System.Net;
using System.Text.Json;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;
using CodeParrot.Operator.Queue;

namespace CodeParrot.Operator.Watching;

/// <summary>
/// Keeps a store equal to what the server has: lists once, then follows the changes. A watch that ends or breaks goes
/// on from where it was; one whose place the server has forgotten (410) begins with a new list.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="type">What to follow.</param>
/// <param name="labelSelector">Which of them; empty for all.</param>
/// <param name="project">What to keep of an object; called while its JSON is at hand.</param>
/// <param name="store">Where it is kept.</param>
/// <param name="heard">Versions that were heard of this type and others.</param>
/// <param name="options">Namespace, waits and the age of a list.</param>
/// <param name="time">Clock.</param>
/// <param name="random">Seeded generator of jitter.</param>
/// <param name="metrics">Counts restarts.</param>
/// <param name="log">Where messages go.</param>
/// <typeparam name="T">What is kept of an object.</typeparam>
internal sealed class Informer<T>(
    IApiServer server,
    ResourceType type,
    string labelSelector,
    Func<JsonElement, CachedObject<T>> project,
    Store<T> store,
    HeardVersion heard,
    OperatorOptions options,
    TimeProvider time,
    Random random,
    OperatorMetrics metrics,
    ILogger log
)
{
    // What was seen must not be unseen, or a living pod would be taken for one that vanished. A store that was put back
    // from a backup goes back for good, and is believed after some tries.
    private const int MaxOlderLists = 10;

    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(1);

    private readonly string? _namespace = options.Namespace.Length == 0 ? null : options.Namespace;
    private readonly Lock _lock = new();
    private readonly Backoff _backoff = new(options.BackoffInitial, options.BackoffMax, random);
    private int _olderLists;
    private string _position = "";
    private ulong? _positionNumber;
    private long _listedAt;
    private int _failures;

    // How often a list was asked for, and up to which of these it was made.
    private int _asked;
    private int _answered;
    private CancellationTokenSource? _watch;

    /// <summary>Gets what is told of a deleted object, in the state in which it went, before it is forgotten.</summary>
    public Action<CachedObject<T>>? Departed { get; init; }

    /// <summary>True once the store was filled.</summary>
    public bool IsSynced { get; private set; }

    /// <summary>True once the store was filled after the last <see cref="Refresh"/>.</summary>
    public bool IsFresh => IsSynced && Volatile.Read(ref _answered) == Volatile.Read(ref _asked);

    /// <summary>Why the store is not kept now, for people; empty while it is.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>
    /// Lists anew, whatever the watch says: one that broke without a word may be minutes behind.
    /// </summary>
    public void Refresh()
    {
        lock (_lock)
        {
            _asked++;
            _watch?.Cancel();
        }
    }

    /// <summary>Follows until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ApiServerException e) when (e.Status == HttpStatusCode.Gone)
            {
                LosePlace();
                metrics.CountWatchRestart(type, "gone");
                await WaitAsync(e, cancellationToken);
            }
            catch (Exception e)
                when (e is ApiServerException or HttpRequestException or IOException or OperationCanceledException)
            {
                metrics.CountWatchRestart(type, "error");
                await WaitAsync(e, cancellationToken);
            }
            catch (Exception e)
            {
                // A cache that is not kept any more looks like one in which nothing happens. What cannot be read now
                // may be gone from the next list.
                LosePlace();
                metrics.CountWatchRestart(type, "bug");
                await WaitAsync(e, cancellationToken);
            }
        }
    }

    private void LosePlace()
    {
        _position = "";
        store.Lose();
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        if (_position.Length == 0 || !IsFresh || time.GetElapsedTime(_listedAt) > options.Resync)
        {
            await ListAsync(cancellationToken);
        }

        var started = time.GetTimestamp();
        using var again = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            lock (_lock)
            {
                _watch = again;
            }

            // Asked for before there was a watch to cancel.
            if (!IsFresh)
            {
                return;
            }

            await foreach (var change in server.WatchAsync(type, _namespace, labelSelector, _position, again.Token))
            {
                Problem = "";
                _failures = 0;
                Apply(change);
            }
        }
        catch (OperationCanceledException) when (!IsFresh && !cancellationToken.IsCancellationRequested)
        {
            metrics.CountWatchRestart(type, "refreshed");
            return;
        }
        finally
        {
            lock (_lock)
            {
                _watch = null;
            }
        }

        // The server ends watches every few minutes, and that is all right; one that ends at once is a failure.
        metrics.CountWatchRestart(type, "ended");
        if (time.GetElapsedTime(started) < ShortWatch)
        {
            await WaitAsync(null, cancellationToken);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var asked = Volatile.Read(ref _asked);
        var floor = heard.Floor(_positionNumber);
        var items = new List<CachedObject<T>>();
        var next = "";
        string version;
        do
        {
            var page = await server.ListAsync(type, _namespace, labelSelector, next, cancellationToken);
            items.AddRange(page.Items.Select(project));
            version = page.ResourceVersion;
            next = page.Continue;
        } while (next.Length > 0);

        if (ResourceVersion.NumberOf(version) < floor)
        {
            if (++_olderLists < MaxOlderLists)
            {
                throw new IOException($"the list of {type.Plural} is older than what was heard before; listing again");
            }

            heard.GiveUp();
        }

        _olderLists = 0;
        store.Replace(items, version);
        MoveTo(version);
        _listedAt = time.GetTimestamp();
        Volatile.Write(ref _answered, asked);
        IsSynced = true;
        Problem = "";
    }

    private void Apply(WatchEvent change)
    {
        var version = change.Object.GetProperty("metadata").GetProperty("resourceVersion").GetString() ?? "";
        if (IsRepeated(version))
        {
            return;
        }

        switch (change.Kind)
        {
            case WatchEventKind.Added or WatchEventKind.Modified:
                store.Set(project(change.Object));
                break;
            case WatchEventKind.Deleted:
                Departed?.Invoke(project(change.Object));
                store.Remove(KeyOf(change.Object), version);
                break;
        }

        MoveTo(version);
    }

    // Events of one type come in the order of their versions, so that one that does not lie ahead was heard before. It
    // must not be applied again: a repeated addition would bring a deleted object back for good.
    private bool IsRepeated(string version) =>
        ResourceVersion.NumberOf(version) is { } number && number <= _positionNumber;

    private void MoveTo(string version)
    {
        _position = version;
        _positionNumber = ResourceVersion.NumberOf(version);
        heard.Hear(_positionNumber);
    }

    private static ObjectKey KeyOf(JsonElement item)
    {
        var metadata = item.GetProperty("metadata");
        var ns = metadata.TryGetProperty("namespace", out var found) ? found.GetString() ?? "" : "";
        return new ObjectKey(ns, metadata.GetProperty("name").GetString() ?? "");
    }

    private async Task WaitAsync(Exception? cause, CancellationToken cancellationToken)
    {
        if (cause is not null)
        {
            Problem = WatchProblems.Explain(type, cause);
            // That a place is forgotten belongs to watching; everything else is a cache that grows old.
            var level = cause is ApiServerException { Status: HttpStatusCode.Gone }
                ? LogLevel.Information
                : LogLevel.Warning;
            WatchProblems.LogProblem(log, level, Problem, cause is ApiServerException ? null : cause);
        }

        var wait = _backoff.After(++_failures);
        if (cause is ApiServerException { RetryAfter: { } wish } && wish > wait)
        {
            wait = wish;
        }

        try
        {
            await Task.Delay(wait, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }
}
