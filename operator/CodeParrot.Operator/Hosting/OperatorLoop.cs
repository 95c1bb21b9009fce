using System.Collections.Concurrent;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Leadership;
using CodeParrot.Operator.Metrics;
using CodeParrot.Operator.Progress;
using CodeParrot.Operator.Queue;
using CodeParrot.Operator.Reconcile;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Hosting;

/// <summary>
/// The whole operator but for its process: election, caches, queue, passes, progress. It starts no thread and no pool
/// task, and waits by the given clock alone, so that it runs under a scheduler of one thread as well as under the pool.
/// </summary>
internal sealed class OperatorLoop : IDisposable
{
    private static readonly TimeSpan SyncPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPass = TimeSpan.FromMinutes(15);

    private readonly OperatorOptions _options;
    private readonly TimeProvider _time;
    private readonly OperatorMetrics _metrics;
    private readonly WorkQueue<RunKey> _queue;
    private readonly Store<RunRecord> _runs;
    private readonly Store<PodObservation> _pods;
    private readonly Informer<RunRecord> _runInformer;
    private readonly Informer<PodObservation> _podInformer;
    private readonly LeaderElection _election;
    private readonly ProgressReader _progress;
    private readonly KubernetesCluster _cluster;
    private readonly Reconciler _reconciler;
    private readonly ConcurrentDictionary<RunKey, long> _passes = new();

    /// <summary>Puts the parts together; nothing runs yet.</summary>
    public OperatorLoop(OperatorPorts ports, OperatorOptions options, OperatorMetrics metrics)
    {
        (_options, _time, _metrics) = (options, ports.Time, metrics);
        var measured = new MeasuredServer(ports.Server, metrics);
        _election = new LeaderElection(
            measured,
            options,
            _time,
            Fork(ports.Random),
            metrics,
            ports.Logs.CreateLogger<LeaderElection>()
        );
        var server = new RateLimit(new WriteGate(measured, _election), options.Qps, options.Burst, _time);
        _queue = new WorkQueue<RunKey>(
            new Backoff(options.BackoffInitial, options.BackoffMax, Fork(ports.Random)),
            _time
        );
        _runs = new Store<RunRecord>(_queue.Add);
        _pods = new Store<PodObservation>(_queue.Add);
        var texts = new TextPool();
        var heard = new HeardVersion();
        var projectPod = new PodProjection(texts).Of;
        _runInformer = Inform(server, ResourceType.TrainingRuns, "", new RunProjection(texts).Of, _runs, heard, ports);
        var words = new LastWords();
        _podInformer = Inform(
            server,
            ResourceType.Pods,
            PodProjection.Selector,
            projectPod,
            _pods,
            heard,
            ports,
            words.Hear
        );
        _progress = new ProgressReader(ports.Progress, _runs, _pods, _queue.Add, options, _time);
        var events = new RunEvents(server, options.Identity, _time, ports.Logs.CreateLogger<RunEvents>());
        _cluster = new KubernetesCluster(
            server,
            _runs,
            _pods,
            new OwnPods(server, _pods, projectPod),
            words,
            _progress,
            events,
            ports,
            options,
            metrics
        );
        _reconciler = new Reconciler(
            _cluster,
            new UnreadableRuns(server, _runs, events, _time),
            new Leftovers(server, _pods),
            ports.Planner,
            _queue,
            options,
            _time,
            metrics,
            ports.Logs.CreateLogger<Reconciler>()
        );
    }

    /// <summary>True while this operator may write.</summary>
    public bool IsLeader => _election.IsLeader;

    /// <summary>False where a pass takes so long that it can only hang: every request in it has a limit.</summary>
    public bool IsAlive => _passes.Values.All(started => _time.GetElapsedTime(started) < LongestPass);

    /// <summary>True once the caches have been filled.</summary>
    public bool IsReady => _runInformer.IsSynced && _podInformer.IsSynced;

    /// <summary>What keeps the caches from being kept, for people; empty for nothing.</summary>
    public string Problem => _runInformer.Problem.Length > 0 ? _runInformer.Problem : _podInformer.Problem;

    /// <summary>
    /// Works until it is told to stop: then no new pass begins, those under way end (within a limit), and the lease is
    /// given back. A cancelled token is no error.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var end = new CancellationTokenSource();

        // Whoever waits for the lead keeps the caches too, so that a takeover begins at once.
        Task[] informers = [_runInformer.RunAsync(end.Token), _podInformer.RunAsync(end.Token)];
        var election = _election.RunAsync(lost => LeadAsync(ending.Token, lost), ending.Token);
        await Task.WhenAny([.. informers, election]);
        ending.Cancel();
        await election;
        end.Cancel();
        await Task.WhenAll(informers);
    }

    /// <summary>Brings the metrics up to date that tell how things are; for whoever is about to read them.</summary>
    public void ShowMetrics()
    {
        _metrics.SetQueueDepth(_queue.Depth);
        _metrics.SetLeader(IsLeader);
        _metrics.Runs.Show(
            [.. _runs.All().Select(r => r.Value.Run).OfType<Api.Resources.TrainingRun>()],
            _time.GetUtcNow()
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task LeadAsync(CancellationToken stop, CancellationToken lost)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        using var hurry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _time);
        await using var overtaken = lost.Register(hurry.Cancel);
        await using var limit = stop.Register(() => hurry.CancelAfter(_options.StopTimeout));
        if (_options.LeaderElect)
        {
            _runInformer.Refresh();
        }

        // What the leader before has made must be seen before anything is made anew, or two attempts would live. Pods
        // are listed behind runs: a status that names a pod is then no newer than the list.
        await SyncAsync(() => _runInformer.IsFresh, either.Token);
        _podInformer.Refresh();

        if (!await SyncAsync(() => _runInformer.IsFresh && _podInformer.IsFresh, either.Token))
        {
            return;
        }

        foreach (var run in _runs.All())
        {
            _queue.Add(run.Run!);
        }

        var attendance = _cluster.Attendance.KeepAsync(either.Token);
        var progress = _progress.RunAsync(either.Token);
        var workers = Task.WhenAll(
            Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(either.Token, hurry.Token))
        );
        await Task.WhenAll(workers, progress, attendance);
    }

    private async Task<bool> SyncAsync(Func<bool> isFresh, CancellationToken cancellationToken)
    {
        while (!isFresh())
        {
            try
            {
                await Task.Delay(SyncPoll, _time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return true;
    }

    private async Task WorkAsync(CancellationToken noMore, CancellationToken hurry)
    {
        while (true)
        {
            RunKey run;
            try
            {
                run = await _queue.TakeAsync(noMore);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _passes[run] = _time.GetTimestamp();
            await _reconciler.PassAsync(run, hurry);
            _passes.TryRemove(run, out _);
            _queue.Done(run);
        }
    }

    private Informer<T> Inform<T>(
        IApiServer server,
        ResourceType type,
        string selector,
        Func<System.Text.Json.JsonElement, CachedObject<T>> project,
        Store<T> store,
        HeardVersion heard,
        OperatorPorts ports,
        Action<CachedObject<T>>? departed = null
    ) =>
        new(
            server,
            type,
            selector,
            project,
            store,
            heard,
            _options,
            _time,
            Fork(ports.Random),
            _metrics,
            ports.Logs.CreateLogger($"{typeof(Informer<>).Namespace}.{type.Kind}")
        )
        {
            Departed = departed,
        };

    // Each part draws from a generator of its own: none of them is used by two threads at once, and none shifts the
    // others' numbers.
    private static Random Fork(Random random) => new(random.Next());
}
