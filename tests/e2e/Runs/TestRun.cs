using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.EndToEnd.Tests.Cluster;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.EndToEnd.Tests.Runs;

/// <summary>A run in the cluster, looked at all the time: phases it went through, and every pod it had.</summary>
public sealed class TestRun : IAsyncDisposable
{
    // Nodes are busy with other things too; what takes longer than this hangs.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(150);

    private readonly TestCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private readonly List<RunPhase> _phases = [];
    private readonly Dictionary<string, JsonObject> _pods = [];
    private TrainingRun? _state;

    private TestRun(TestCluster cluster, string space, string name)
    {
        (_cluster, Namespace, Name) = (cluster, space, name);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Its namespace.</summary>
    public string Namespace { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its path at the API server.</summary>
    public string Path => JsonApi.Runs(Namespace, Name);

    /// <summary>Phases, one after the other.</summary>
    public IReadOnlyList<RunPhase> Phases => Locked(() => (IReadOnlyList<RunPhase>)[.. _phases]);

    /// <summary>Every pod that was ever seen, as it was last.</summary>
    public IReadOnlyList<JsonObject> Pods => Locked(() => (IReadOnlyList<JsonObject>)[.. _pods.Values]);

    /// <summary>Creates a run.</summary>
    public static async Task<TestRun> CreateAsync(TestCluster cluster, string space, string name, JsonObject spec)
    {
        var run = new JsonObject
        {
            ["apiVersion"] = "codeparrot.dev/v1alpha1",
            ["kind"] = "TrainingRun",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = spec,
        };
        (await cluster.Api.CreateAsync(JsonApi.Runs(space), run)).Expect(HttpStatusCode.Created);
        return new TestRun(cluster, space, name);
    }

    /// <summary>Waits for a state.</summary>
    /// <param name="isSo">True of the wanted state.</param>
    /// <param name="what">What the failed test says is not so.</param>
    public async Task<TrainingRun> UntilAsync(Func<TrainingRun, bool> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var run = Locked(() => _state);
            if (run is not null)
            {
                if (isSo(run))
                {
                    return run;
                }

                Assert.False(
                    run.Status.Phase == RunPhase.Failed,
                    $"{Name}: failed before it was {what}: {Describe(run)}"
                );
            }

            Assert.True(
                Stopwatch.GetElapsedTime(started) < _patience,
                $"{Name}: not {what} within {_patience}; phases {string.Join(' ', Phases)}: {Describe(run)}"
            );
            await Task.Delay(_pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for a phase.</summary>
    public Task<TrainingRun> UntilAsync(RunPhase phase) => UntilAsync(r => r.Status.Phase == phase, $"{phase}");

    /// <summary>Waits until the run trains, beyond a checkpoint of the living attempt.</summary>
    public Task<TrainingRun> UntilItTrainsAsync(int attempt = 0) =>
        UntilAsync(
            r =>
                r.Status.Attempt >= attempt
                && r.Status.Phase == RunPhase.Running
                && r.Status.Progress is { Stage: "train" } progress
                && r.Status.Checkpoints.Count > 0
                && progress.Step > r.Status.Checkpoints[0].Step
                && r.Status.LivingAttempt()?.StartedAt < progress.UpdatedAt,
            $"training in attempt {attempt} or a later one"
        );

    /// <summary>Pods that are there now.</summary>
    public async Task<IReadOnlyList<JsonObject>> PresentPodsAsync() => await ObjectsAsync("api/v1", "pods");

    /// <summary>Objects that carry the run's label.</summary>
    public async Task<IReadOnlyList<JsonObject>> ObjectsAsync(string prefix, string plural)
    {
        var path = $"{prefix}/namespaces/{Namespace}/{plural}?labelSelector={LabelNames.Run}%3D{Name}";
        var answer = (await _cluster.Api.GetAsync(path)).Expect(HttpStatusCode.OK);
        return [.. answer.Body["items"]!.AsArray().Select(i => i!.AsObject())];
    }

    /// <summary>Changes the spec, as <c>kubectl patch --type merge</c> does.</summary>
    public async Task PatchAsync(string spec) =>
        (await _cluster.Api.PatchAsync(Path, new JsonObject { ["spec"] = JsonNode.Parse(spec) })).Expect(
            HttpStatusCode.OK
        );

    /// <summary>Deletes the run, and waits until it is gone.</summary>
    public async Task DeleteAsync()
    {
        (await _cluster.Api.DeleteAsync(Path)).Expect(HttpStatusCode.OK);
        await UntilIsAsync(
            async () => (await _cluster.Api.GetAsync(Path)).Code == HttpStatusCode.NotFound,
            "gone after its deletion"
        );
    }

    /// <summary>Waits for what no state of the run tells.</summary>
    public Task UntilIsAsync(Func<Task<bool>> isSo, string what) => UntilIsAsync(isSo, () => what);

    /// <summary>The same, where what is not so shows only in the end.</summary>
    internal async Task UntilIsAsync(Func<Task<bool>> isSo, Func<string> what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < _patience,
                $"{Name}: not {what()} within {_patience}: {Describe(Locked(() => _state))}"
            );
            await Task.Delay(_pause, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private static string Describe(TrainingRun? run) =>
        run is null ? "never seen" : JsonSerializer.Serialize(run.Status, ApiJson.Compact);

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await LookAsync();
                await Task.Delay(_pause, _stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or HttpRequestException or IOException)
            {
                // The next look will do.
            }
        }
    }

    private async Task LookAsync()
    {
        var answer = await _cluster.Api.GetAsync(Path);
        var pods = await PresentPodsAsync();
        lock (_lock)
        {
            foreach (var pod in pods)
            {
                _pods[(string)pod["metadata"]!["uid"]!] = pod;
            }

            if (answer.Code != HttpStatusCode.OK)
            {
                return;
            }

            _state = answer.Body.Deserialize<TrainingRun>(ApiJson.Compact)!;
            if (_state.Status.Conditions.Count > 0 && (_phases.Count == 0 || _phases[^1] != _state.Status.Phase))
            {
                _phases.Add(_state.Status.Phase);
            }
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
