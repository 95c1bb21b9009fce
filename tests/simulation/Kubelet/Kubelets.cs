using System.Text.Json.Nodes;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Simulation.Tests.ApiServer;
using CodeParrot.Simulation.Tests.Faults;
using CodeParrot.Simulation.Tests.Scheduling;
using CodeParrot.Simulation.Tests.Trainers;

namespace CodeParrot.Simulation.Tests.Kubelet;

/// <summary>
/// The kubelets of all nodes: they start pods, stop them within their grace, and say how they ended.
/// </summary>
internal sealed class Kubelets
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Scheduler _scheduler;
    private readonly SimulatedApiServer _server;
    private readonly FaultPlan _faults;
    private readonly Random _random;
    private readonly Func<PodIdentity, PodProcess> _start;
    private readonly Dictionary<string, PodLife> _pods = [];

    public Kubelets(SimulatedApiServer server, Random random, Func<PodIdentity, PodProcess> start)
    {
        (_scheduler, _server, _faults, _random, _start) = (server.Scheduler, server, server.Faults, random, start);
        Nodes = new Nodes(server, random);
        Binder = new PodBinder(server, Nodes, random, Bound);
        server.Store.Listen(Notice);
    }

    public Nodes Nodes { get; }

    /// <summary>Gets what gives pods their nodes.</summary>
    public PodBinder Binder { get; }

    /// <summary>Every pod whose object or process is there, in the order of their making.</summary>
    public IEnumerable<PodLife> Pods => _pods.Values.Where(p => !p.Forgotten || p.IsRunning);

    /// <summary>The pod that answers at an address now.</summary>
    public PodLife? At(string address) =>
        address.Length == 0 ? null : Pods.LastOrDefault(p => p.Address == address && p.IsReachable);

    /// <summary>Kills a container, as the kernel does when memory runs out.</summary>
    public static void KillContainer(PodLife pod, string reason) => pod.Process?.Kill(reason);

    /// <summary>Fails a pod for the node's sake: its record stays.</summary>
    public void Evict(PodLife pod)
    {
        pod.Process?.Kill("");
        Edit(pod, b => PodStatus.Failed(b, "Evicted", "The node was low on resource: memory."));
    }

    /// <summary>Deletes a pod as a drain does: by the API, with a condition that says why.</summary>
    public void Disrupt(PodLife pod, string reason)
    {
        Edit(pod, b => PodStatus.Condition(b, "DisruptionTarget", "True", reason, _scheduler.UtcNow));
        Delete(pod, grace: null);
    }

    /// <summary>A node is back: it does what it missed.</summary>
    public void Catchup(SimulatedNode node)
    {
        foreach (var pod in Pods.Where(p => p.Node == node).ToList())
        {
            if (Find(pod) is not { } body)
            {
                pod.Process?.Kill("");
            }
            else if (pod.Process is { HasEnded: true })
            {
                Ended(pod);
            }
            else if (body.IsDeleting)
            {
                Stop(pod);
            }
        }
    }

    /// <summary>Removes the pods of a node that is gone for good, as the control plane does.</summary>
    public void Collect(SimulatedNode node)
    {
        foreach (var pod in Pods.Where(p => p.Node == node).ToList())
        {
            pod.Process?.Kill("");
            Edit(pod, b => PodStatus.Condition(b, "DisruptionTarget", "True", "DeletionByPodGC", _scheduler.UtcNow));
            Delete(pod, TimeSpan.Zero);
        }
    }

    /// <summary>Changes a pod's object, unless it is gone.</summary>
    public void Edit(PodLife pod, Action<JsonObject> edit)
    {
        if (Find(pod) is { } stored && stored.Body.Text("status", "phase") is "Pending" or "Running")
        {
            var body = (JsonObject)stored!.Body.DeepClone();
            edit(body);
            _server.Store.Put(pod.Key, body);
        }
    }

    private StoredObject? Find(PodLife pod) =>
        _server.Store.Find(pod.Key) is { } stored && stored.Uid == pod.Uid ? stored : null;

    private void Notice(Change change)
    {
        var it = change.Object;
        if (it.Key.Type != ResourceType.Pods)
        {
            return;
        }

        if (change.Kind == WatchEventKind.Added)
        {
            _pods.Add(it.Uid, new PodLife(it.Key, it.Uid));
            Binder.Queue(_pods[it.Uid]);
        }
        else if (change.Kind == WatchEventKind.Deleted)
        {
            var pod = _pods[it.Uid];
            pod.Forgotten = true;
            OnNode(pod, TimeSpan.FromMilliseconds(_random.Next(2000)), () => pod.Process?.Kill(""));
        }
        else if (it.IsDeleting)
        {
            var pod = _pods[it.Uid];
            OnNode(pod, TimeSpan.FromMilliseconds(_random.Next(1000)), () => Stop(pod));
        }
    }

    // A kubelet that is cut off does nothing; when it is back it catches up by itself.
    private void OnNode(PodLife pod, TimeSpan delay, Action action) =>
        _scheduler.After(
            delay,
            () =>
            {
                if (pod.Node is { IsReachable: true })
                {
                    action();
                }
            }
        );

    private void Bound(PodLife pod) =>
        Later(pod, TimeSpan.FromMilliseconds(100 + _random.Next(3000)), () => Start(pod));

    private void Later(PodLife pod, TimeSpan delay, Action action) =>
        _scheduler.After(
            delay,
            () =>
            {
                if (pod.Node is { IsGone: true })
                {
                    return;
                }

                if (pod.Node is { IsReachable: false })
                {
                    Later(pod, Again, action);
                }
                else
                {
                    action();
                }
            }
        );

    private void Start(PodLife pod)
    {
        if (Find(pod) is not { IsDeleting: false } stored || pod.Process is not null)
        {
            return;
        }

        if (PodIdentity.Mounts(stored.Body).FirstOrDefault(m => _server.Store.Find(m) is null) is { } missing)
        {
            if (stored.Body.At("status", "containerStatuses") is null)
            {
                _scheduler.Tell("kubelet", $"{pod.Key.Name} waits for {missing}");
                Edit(pod, b => PodStatus.Waiting(b, "ContainerCreating"));
            }

            Later(pod, Again, () => Start(pod));
            return;
        }

        pod.Address = Enumerable
            .Range(1, 250)
            .Select(i => $"10.0.0.{i}")
            .First(a => Pods.All(p => p.Address != a || (p.Forgotten && !p.IsRunning)));
        Edit(pod, b => PodStatus.Running(b, pod.Address, _scheduler.UtcNow));
        var process = _start(PodIdentity.Of(stored.Body, _server.Store));
        pod.Process = process;
        process.Run(pod, () => OnNode(pod, TimeSpan.FromMilliseconds(_random.Next(500)), () => Ended(pod)));
    }

    private void Stop(PodLife pod)
    {
        if (Find(pod) is not { } stored)
        {
            return;
        }

        if (!pod.IsRunning)
        {
            Remove(pod);
            return;
        }

        var due = DateTimeOffset.Parse(stored.Body.Text("metadata", "deletionTimestamp")) - _scheduler.UtcNow;
        pod.KillEvent?.Cancel();
        pod.KillEvent = _scheduler.After(due, () => pod.Process?.Kill(""));
        if (!pod.Stopping)
        {
            pod.Stopping = true;
            pod.Process!.Terminate();
        }
    }

    private void Ended(PodLife pod)
    {
        pod.KillEvent?.Cancel();
        Edit(pod, b => PodStatus.Terminated(b, pod.Process!.End!, _scheduler.UtcNow));
        if (Find(pod) is { IsDeleting: true })
        {
            Remove(pod);
        }
    }

    private void Remove(PodLife pod)
    {
        var slow = _faults.SlowDeletes && _faults.Chance(2);
        OnNode(
            pod,
            TimeSpan.FromMilliseconds(slow ? _random.Next(60_000) : 100 + _random.Next(900)),
            () => Delete(pod, TimeSpan.Zero)
        );
    }

    // Another pod may have the name by now.
    private void Delete(PodLife pod, TimeSpan? grace)
    {
        if (Find(pod) is not null)
        {
            _server.Writer.Delete(pod.Key, pod.Uid, grace);
        }
    }
}
