using System.Net;
using System.Text.Json.Nodes;
using CodeParrot.Distributed.Tests;
using CodeParrot.Integration.Tests.Cluster;
using CodeParrot.Integration.Tests.Operator.Kubelet;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Connection;

namespace CodeParrot.Integration.Tests.Operator;

/// <summary>Where stories play: a control plane, kubelets that a test writes, and an eye on all runs.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly ControlPlane _plane;
    private readonly ServerConnection _connection;

    /// <summary>Opens the scene; operators are the test's affair.</summary>
    public Scene(ControlPlane plane)
    {
        _plane = plane;
        _connection = new ServerConnection(Kubeconfig.Find(plane.AdminKubeconfig, _ => null));
        Server = new KubernetesApiServer(_connection, TimeProvider.System);
        History = new RunHistory(Server);
        Kubelet = new WrittenKubelet(plane.Api, Server, History);
    }

    /// <summary>The API, for one that may do everything.</summary>
    public JsonApi Api => _plane.Api;

    /// <summary>The control plane.</summary>
    public ControlPlane Plane => _plane;

    /// <summary>The API as the operator sees it, for one that may do everything.</summary>
    public IApiServer Server { get; }

    /// <summary>Port of all pods' endpoints: each scene has its own, as others may use the usual one.</summary>
    public int PodPort { get; } = FreePort.Draw();

    /// <summary>The kubelets.</summary>
    public WrittenKubelet Kubelet { get; }

    /// <summary>The runs.</summary>
    public RunHistory History { get; }

    /// <summary>Creates a run in a namespace of its own.</summary>
    /// <param name="spec">Fields of its spec, as JSON, which stand over those of a small run with short waits.</param>
    /// <param name="script">What its pods do.</param>
    /// <param name="space">Its namespace; empty for a new one.</param>
    /// <param name="name">Its name.</param>
    public async Task<FollowedRun> CreateAsync(
        string spec = "{}",
        PodScript? script = null,
        string space = "",
        string name = "small"
    )
    {
        space = space.Length > 0 ? space : await _plane.NewNamespaceAsync();
        var body = RunObjects.Small(name);
        Overlay(body["spec"]!.AsObject(), Small());
        Overlay(body["spec"]!.AsObject(), JsonNode.Parse(spec)!.AsObject());
        Kubelet.Script(space, name, script ?? PodScript.Obliging);
        (await Api.CreateAsync(JsonApi.Runs(space), body)).Expect(HttpStatusCode.Created);
        return new FollowedRun(this, space, name);
    }

    /// <summary>Creates a run from a manifest's text.</summary>
    public async Task<FollowedRun> CreateFromYamlAsync(string text, string name, PodScript script)
    {
        var space = await _plane.NewNamespaceAsync();
        Kubelet.Script(space, name, script);
        (await Api.CreateFromYamlAsync(JsonApi.Runs(space), text)).Expect(HttpStatusCode.Created);
        return new FollowedRun(this, space, name);
    }

    /// <summary>Waits until something is so.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, string what) =>
        Patience.UntilAsync(condition, $"not so, two minutes later: {what}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Kubelet.DisposeAsync();
        await History.DisposeAsync();
        _connection.Dispose();
    }

    private static JsonObject Small() =>
        JsonNode
            .Parse(
                """
                { "store": { "uri": "s3://models/stories", "credentialsSecret": "s3" },
                  "model": { "layers": 2, "heads": 2, "width": 64, "contextLength": 64 },
                  "training": { "maxSteps": 300 }, "checkpoints": { "everySteps": 100 },
                  "workers": { "count": 2, "terminationGracePeriod": "30s" },
                  "failurePolicy": { "backoff": { "initial": "100ms", "max": "200ms" } } }
                """
            )!
            .AsObject();

    private static void Overlay(JsonObject below, JsonObject above)
    {
        foreach (var (key, value) in above)
        {
            if (value is JsonObject fields && below[key] is JsonObject known)
            {
                Overlay(known, fields);
            }
            else
            {
                below[key] = value?.DeepClone();
            }
        }
    }
}
