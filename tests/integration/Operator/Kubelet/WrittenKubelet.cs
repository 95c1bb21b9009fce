using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>
/// Plays the kubelets, and the scheduler, of a cluster that has none: writes the statuses of the operator's pods as
/// their run's script says, and removes those that are to be deleted.
/// </summary>
internal sealed class WrittenKubelet : IAsyncDisposable
{
    private static int _subnet;

    private readonly JsonApi _api;
    private readonly RunHistory _history;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<string, PodScript> _scripts = new();
    private readonly ConcurrentDictionary<string, WrittenPod> _pods = new();
    private readonly ConcurrentDictionary<string, WrittenGang> _gangs = new();
    private readonly ConcurrentQueue<string> _mistakes = new();
    private readonly Task _following;
    private readonly byte _second = (byte)(1 + Environment.ProcessId % 254);
    private readonly byte _third = (byte)Interlocked.Increment(ref _subnet);
    private int _addressCount;

    /// <summary>Follows the pods from now on.</summary>
    public WrittenKubelet(JsonApi api, IApiServer server, RunHistory history)
    {
        (_api, _history) = (api, history);
        var follower = new Follower(
            server,
            ResourceType.Pods,
            $"{LabelNames.ManagedBy}={LabelNames.ManagedByValue}",
            See
        );
        _following = follower.RunAsync(_end.Token);
    }

    /// <summary>What a script did that it should not have.</summary>
    public IReadOnlyCollection<string> Mistakes => _mistakes;

    /// <summary>Says what the pods of a run do; those of others are left alone.</summary>
    public void Script(string @namespace, string run, PodScript script) => _scripts[$"{@namespace}/{run}"] = script;

    /// <summary>Every pod of a run that was ever seen, in the order of creation.</summary>
    public IReadOnlyList<WrittenPod> PodsOf(string @namespace, string run) =>
        [.. _pods.Values.Where(p => p.Namespace == @namespace && p.Run == run).OrderBy(p => p.Attempt)];

    /// <summary>Pods of all runs that were ever seen.</summary>
    public IReadOnlyCollection<WrittenPod> Pods => [.. _pods.Values];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _end.Cancel();
        await _following;
        foreach (var pod in _pods.Values)
        {
            pod.EndPlay();
            pod.SeeGone();
            pod.Dispose();
        }

        _end.Dispose();
    }

    private void See(WatchEventKind kind, JsonElement item)
    {
        var uid = item.GetProperty("metadata").GetProperty("uid").GetString()!;
        if (kind == WatchEventKind.Deleted)
        {
            if (_pods.TryGetValue(uid, out var gone))
            {
                gone.SeeGone(item.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
            }

            return;
        }

        if (!_pods.TryGetValue(uid, out var pod))
        {
            var created = JsonNode.Parse(item.GetRawText())!.AsObject();
            var labels = created["metadata"]!["labels"]!;
            var run = $"{created["metadata"]!["namespace"]}/{labels[LabelNames.Run]}";
            if (!_scripts.TryGetValue(run, out var script))
            {
                return;
            }

            _pods[uid] = pod = new WrittenPod(_api, created, NextAddress(), GangOf, _history);
            _ = LiveAsync(pod, script);
        }

        pod.See(item);
    }

    private async Task LiveAsync(WrittenPod pod, PodScript script)
    {
        try
        {
            var play = script.Play(pod);
            await Task.WhenAny(play, pod.StopAsked);
            if (play.IsCompleted)
            {
                await play;
            }

            await pod.StopAsked;
            pod.EndPlay();
            await Task.WhenAny(play);
            await (script.Stop ?? StopAsync)(pod);
        }
        catch (OperationCanceledException)
        {
            // The pod, or the test, is over.
        }
        catch (Exception e)
        {
            _mistakes.Enqueue($"{pod.Namespace}/{pod.Name}: {e}");
        }
    }

    // SIGTERM: a trainer stops after a checkpoint, and the kubelet removes the object.
    private static async Task StopAsync(WrittenPod pod)
    {
        if (pod.Gone.IsCompleted)
        {
            return;
        }

        await pod.EndAsync(Trainers.Stopped, new TerminationMessage { Class = nameof(ExitCode.Stopped) });
        await pod.RemoveAsync();
    }

    private WrittenGang GangOf(WrittenPod pod)
    {
        var ranks = int.Parse(pod.Environment.GetValueOrDefault(EnvironmentNames.WorldSize, "1"));
        var local = int.Parse(pod.Environment.GetValueOrDefault(EnvironmentNames.LocalWorldSize, "1"));
        return _gangs.GetOrAdd($"{pod.RunUid}/{pod.Stage}/{pod.Attempt}", _ => new WrittenGang(ranks / local));
    }

    // All of 127/8 is this machine: every pod has an address, and none is in the way of other tests' pods.
    private IPAddress NextAddress()
    {
        var number = Interlocked.Increment(ref _addressCount);
        return new IPAddress([127, _second, (byte)(_third * 16 + number / 250), (byte)(1 + number % 250)]);
    }
}
