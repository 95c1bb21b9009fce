using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Benchmarks.Operator;

/// <summary>
/// Writes statuses of pods as a kubelet would: what comes before training succeeds at once, and ranks run once they are
/// let.
/// </summary>
/// <param name="api">The server.</param>
/// <param name="ns">Namespace of the pods.</param>
/// <param name="progress">Told of pods that answer.</param>
internal sealed class FakeKubelet(ClusterApi api, string ns, ProgressPods progress) : IAsyncDisposable
{
    private const int AtOnce = 32;

    private readonly Channel<PodEvent> _due = Channel.CreateUnbounded<PodEvent>();
    private readonly ConcurrentDictionary<string, bool> _seen = new();
    private Task _working = Task.CompletedTask;

    /// <summary>True lets ranks run as they are made; otherwise they wait for <see cref="RunAllAsync"/>.</summary>
    public bool RunsRanks { get; set; }

    /// <summary>Begins to work.</summary>
    public void Start() => _working = Waiting.ForAllAsync(_due.Reader.ReadAllAsync(), AtOnce, PlayAsync);

    /// <summary>Hears of a pod.</summary>
    public void Hear(PodEvent pod)
    {
        var isTheirs = pod.Stage == StageNames.Train && !RunsRanks;
        if (pod.Kind == "ADDED" && !isTheirs && _seen.TryAdd(pod.Name, true))
        {
            _due.Writer.TryWrite(pod);
        }
    }

    /// <summary>Lets ranks run.</summary>
    public Task RunAllAsync(IEnumerable<PodEvent> pods) => Waiting.ForAllAsync(pods, AtOnce, RunAsync);

    /// <summary>Ends a pod with an exit code.</summary>
    public Task EndAsync(string pod, int exitCode) => WriteAsync(pod, Ended(exitCode));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _due.Writer.TryComplete();
        await _working;
    }

    private Task PlayAsync(PodEvent pod) => pod.Stage == StageNames.Train ? RunAsync(pod) : EndAsync(pod.Name, 0);

    private Task RunAsync(PodEvent pod)
    {
        var status = Container("Running", new JsonObject { ["running"] = new JsonObject() });
        status["podIP"] = progress.AddressOf(pod);
        return WriteAsync(pod.Name, status);
    }

    private Task WriteAsync(string pod, JsonObject status) =>
        api.PatchAsync($"{ClusterApi.Pods(ns)}/{pod}/status", new JsonObject { ["status"] = status });

    private static JsonObject Ended(int exitCode) =>
        Container(
            exitCode == 0 ? "Succeeded" : "Failed",
            new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = exitCode } }
        );

    private static JsonObject Container(string phase, JsonObject state) =>
        new()
        {
            ["phase"] = phase,
            ["containerStatuses"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "trainer",
                    ["image"] = "trainer",
                    ["imageID"] = "",
                    ["ready"] = phase == "Running",
                    ["restartCount"] = 0,
                    ["state"] = state,
                }
            ),
        };
}
