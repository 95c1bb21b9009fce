using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Runtime;
using CodeParrot.Integration.Tests.Cluster;

namespace CodeParrot.Integration.Tests.Operator.Kubelet;

/// <summary>A pod that does not run: the test writes its status, as a kubelet would.</summary>
internal sealed class WrittenPod : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly JsonApi _api;
    private readonly TaskCompletionSource _stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _play = new();
    private readonly IPAddress _address;
    private readonly RunHistory _history;
    private readonly int _port;
    private ProgressEndpoint? _endpoint;

    /// <summary>A pod as it was created.</summary>
    /// <param name="api">Where it is written.</param>
    /// <param name="created">The object.</param>
    /// <param name="address">Its address, once it runs.</param>
    /// <param name="gang">What it shares with the other pods of its stage.</param>
    /// <param name="history">What became of the runs.</param>
    public WrittenPod(
        JsonApi api,
        JsonObject created,
        IPAddress address,
        Func<WrittenPod, WrittenGang> gang,
        RunHistory history
    )
    {
        (_api, _address, _history, Created) = (api, address, history, created);
        var container = created["spec"]!["containers"]![0]!;
        _port = (int)container["ports"]![0]!["containerPort"]!;
        Environment = container["env"]!
            .AsArray()
            .Where(v => v!["value"] is not null)
            .ToDictionary(v => (string)v!["name"]!, v => (string)v!["value"]!);
        Gang = gang(this);
    }

    /// <summary>The object as it was created.</summary>
    public JsonObject Created { get; }

    /// <summary>Variables with a value of their own.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>What it shares with the other pods of its stage.</summary>
    public WrittenGang Gang { get; }

    /// <summary>Its node, once it has one.</summary>
    public string Node { get; private set; } = "";

    public string Name => (string)Created["metadata"]!["name"]!;

    public string Namespace => (string)Created["metadata"]!["namespace"]!;

    public string Uid => (string)Created["metadata"]!["uid"]!;

    public string Run => Label(LabelNames.Run);

    public string RunUid => Label(LabelNames.RunUid);

    public string Stage => Label(LabelNames.Stage);

    public int Attempt => int.Parse(Label(LabelNames.Attempt));

    public int PodIndex => int.Parse(Label(LabelNames.PodIndex));

    /// <summary>Replacements of its attempt before it was made, as its process is told.</summary>
    public int Generation => int.Parse(Environment.GetValueOrDefault(EnvironmentNames.PodGeneration, "0"));

    public IReadOnlyList<string> Arguments =>
        [.. Created["spec"]!["containers"]![0]!["args"]!.AsArray().Select(a => (string)a!)];

    /// <summary>The cluster's version when it was first seen.</summary>
    public long CreatedAtVersion => VersionOf(Created["metadata"]!["resourceVersion"]!.GetValue<string>());

    /// <summary>The cluster's version when its process ended, or it was gone; null while it lives.</summary>
    public long? EndedAtVersion { get; private set; }

    /// <summary>Ends once somebody asked for its deletion.</summary>
    public Task StopAsked => _stopAsked.Task;

    /// <summary>Ends once the object is gone.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Cancelled once it is to be stopped.</summary>
    public CancellationToken Playing => _play.Token;

    private string Path => $"api/v1/namespaces/{Namespace}/pods/{Name}";

    /// <summary>Notes a newer state of the object.</summary>
    public void See(JsonElement pod)
    {
        if (pod.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _))
        {
            _stopAsked.TrySetResult();
        }
    }

    /// <summary>Notes that the object is gone.</summary>
    /// <param name="version">The cluster's version at that time; empty where the test is over.</param>
    public void SeeGone(string version = "")
    {
        if (version.Length > 0)
        {
            EndedAtVersion ??= VersionOf(version);
        }

        _gone.TrySetResult();
        _stopAsked.TrySetResult();
    }

    /// <summary>Stops the play.</summary>
    public void EndPlay() => _play.Cancel();

    /// <summary>Gives it a node, as a scheduler does.</summary>
    public async Task ScheduleAsync(string node = "node-1")
    {
        Node = node;
        await WriteAsync(() =>
            _api.CreateAsync(
                $"{Path}/binding",
                new JsonObject
                {
                    ["apiVersion"] = "v1",
                    ["kind"] = "Binding",
                    ["metadata"] = new JsonObject { ["name"] = Name, ["uid"] = Uid },
                    ["target"] = new JsonObject { ["kind"] = "Node", ["name"] = node },
                }
            )
        );
    }

    /// <summary>Its container runs, and answers at its address.</summary>
    public async Task RunAsync()
    {
        _endpoint = new ProgressEndpoint(_address, _port);
        await StatusAsync(
            "Running",
            new JsonObject { ["running"] = new JsonObject { ["startedAt"] = PodStatuses.Time() } },
            ready: true
        );
        Gang.Join(this);
    }

    /// <summary>It has a node and runs.</summary>
    public async Task StartAsync(string node = "node-1")
    {
        await ScheduleAsync(node);
        await RunAsync();
    }

    /// <summary>Its container waits for a reason, such as an image that is not there.</summary>
    public Task WaitAsync(string reason) =>
        StatusAsync("Pending", new JsonObject { ["waiting"] = new JsonObject { ["reason"] = reason } });

    /// <summary>Says how far it is.</summary>
    /// <returns>Ends once somebody has read it.</returns>
    public Task TellAsync(RunProgress progress) => _endpoint!.TellAsync(progress).WaitAsync(Playing);

    /// <summary>Waits until questions for its progress carry a request for a checkpoint; empty for none.</summary>
    public async Task AskedForAsync(string nonce)
    {
        while ((Asked()?.Nonce ?? "") != nonce)
        {
            await Task.Delay(Pause, Playing);
        }
    }

    /// <summary>Waits until the operator has written what it was told.</summary>
    public async Task KnownAsync(Func<RunStatus, bool> isKnown)
    {
        while (
            _history.Of(Namespace, Run).LastOrDefault(r => r.Metadata.Uid == RunUid) is not { } run
            || !isKnown(run.Status)
        )
        {
            await Task.Delay(Pause, Playing);
        }
    }

    /// <summary>It ended.</summary>
    /// <param name="code">Its exit code.</param>
    /// <param name="reason">The kubelet's reason; that of the code where it is empty.</param>
    /// <param name="message">What the trainer says; null for nothing.</param>
    /// <param name="condition">A condition beside, as DisruptionTarget with a reason.</param>
    /// <param name="podReason">A reason of the pod itself, as Evicted.</param>
    public async Task EndAsync(
        int code,
        TerminationMessage? message = null,
        string reason = "",
        (string Type, string Reason)? condition = null,
        string podReason = ""
    )
    {
        _endpoint?.Dispose();
        var said = message is null
            ? ""
            : JsonSerializer.Serialize(message with { Attempt = Attempt, ExitCode = code }, ContractJson.Compact);
        var written = await StatusAsync(
            code == 0 ? "Succeeded" : "Failed",
            new JsonObject
            {
                ["terminated"] = new JsonObject
                {
                    ["exitCode"] = code,
                    ["reason"] =
                        reason.Length > 0 ? reason
                        : code == 0 ? "Completed"
                        : "Error",
                    ["message"] = said,
                    ["startedAt"] = PodStatuses.Time(),
                    ["finishedAt"] = PodStatuses.Time(),
                },
            },
            condition: condition,
            podReason: podReason
        );
        EndedAtVersion = VersionOf(written.ResourceVersion);
    }

    /// <summary>The object goes, as when a kubelet has ended its containers.</summary>
    public async Task RemoveAsync()
    {
        _endpoint?.Dispose();
        await WriteAsync(() =>
            _api.DeleteAsync(
                Path,
                new JsonObject
                {
                    ["gracePeriodSeconds"] = 0,
                    ["preconditions"] = new JsonObject { ["uid"] = Uid },
                }
            )
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _endpoint?.Dispose();
        _play.Dispose();
    }

    private Task<ApiAnswer> StatusAsync(
        string phase,
        JsonObject state,
        bool ready = false,
        (string Type, string Reason)? condition = null,
        string podReason = ""
    )
    {
        var body = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = Uid },
            ["status"] = PodStatuses.Of($"{_address}", phase, state, ready, condition, podReason),
        };
        return WriteAsync(() => _api.PatchAsync($"{Path}/status", body));
    }

    private CheckpointRequest? Asked()
    {
        var parameters = HttpUtility.ParseQueryString(_endpoint!.NewestQuery);
        return ProgressQuery.Read(RunUid, name => parameters[name]);
    }

    private static long VersionOf(string version) => long.Parse(version);

    // A server that is away comes back; a pod that is gone needs no more writing.
    private async Task<ApiAnswer> WriteAsync(Func<Task<ApiAnswer>> write)
    {
        while (!Gone.IsCompleted)
        {
            try
            {
                var answer = await write();
                if (answer.Code is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    // Another pod of this name, if any, is not this one.
                    break;
                }

                Assert.True((int)answer.Code < 300, $"the written kubelet at {Name}: {answer.Body.ToJsonString()}");
                return answer;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }

        throw new OperationCanceledException($"{Name} is gone");
    }

    private string Label(string name) => (string)Created["metadata"]!["labels"]![name]!;
}
