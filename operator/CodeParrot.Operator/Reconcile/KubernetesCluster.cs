using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Hosting;
using CodeParrot.Operator.Metrics;
using CodeParrot.Operator.Progress;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// A cluster behind an API server: observes from the caches, which may be old, and acts so that an old observation
/// does no harm. A status is written at the observed resource version, and everything on pods stands behind such a
/// write.
/// </summary>
/// <param name="server">The server, gated and limited.</param>
/// <param name="runs">The runs.</param>
/// <param name="pods">Their pods.</param>
/// <param name="ownPods">Makes pods.</param>
/// <param name="words">What pods said that are gone.</param>
/// <param name="progress">Newest answers of pods.</param>
/// <param name="events">Writes events.</param>
/// <param name="ports">Clock, secrets and logs.</param>
/// <param name="options">Image and names.</param>
/// <param name="metrics">Told of written statuses.</param>
internal sealed partial class KubernetesCluster(
    IApiServer server,
    Store<RunRecord> runs,
    Store<PodObservation> pods,
    OwnPods ownPods,
    LastWords words,
    ProgressReader progress,
    RunEvents events,
    OperatorPorts ports,
    OperatorOptions options,
    OperatorMetrics metrics
) : ICluster
{
    private const int NonceBytes = 5;

    private readonly Nodes _nodes = new(server);
    private readonly Snapshots _snapshots = new(server);
    private readonly RunFinalizers _finalizers = new(server);
    private readonly RunObjects _objects = new(WithOwnPeer(options), ports.SecretBytes);
    private readonly Refusals _refusals = new(events, ports.Time);

    // UIDs of runs whose namespace refused a creation because it goes: there is no way back from there.
    private readonly ConcurrentDictionary<string, bool> _terminating = new();

    /// <summary>Since when this operator leads and looks without a gap.</summary>
    public Attendance Attendance { get; } = new(ports.Time);

    /// <inheritdoc/>
    public async Task<Observed?> ObserveAsync(RunKey run, CancellationToken cancellationToken)
    {
        await ownPods.AskAsync(run, cancellationToken);
        if (runs.Of(run) is not [{ Run: { } current }])
        {
            words.Forget(run);
            return null;
        }

        var now = ports.Time.GetUtcNow();
        var since = Attendance.Look();
        var observed = new Observed
        {
            Run = current,
            Pods = pods.Of(run),
            Departed = words.Of(run, current.Status.Attempt),
            Progress = progress.Of(run),
            NamespaceTerminating = _terminating.ContainsKey(current.Metadata.Uid),
            Nonce = Convert.ToHexStringLower(ports.SecretBytes(NonceBytes)),
            Now = now,
            // Whose end is unseen does not stand still.
            LookedSince = pods.IsOutdated ? now : since,
            Version = runs.Changes + pods.Changes,
        };
        var questions = NodeQuestions.Of(observed);
        return questions.Count == 0
            ? observed
            : observed with
            {
                Nodes = await _nodes.AskAsync(questions, cancellationToken),
            };
    }

    /// <inheritdoc/>
    public async Task ApplyAsync(Observed observed, PlanAction action, CancellationToken cancellationToken)
    {
        try
        {
            await (
                action switch
                {
                    SetStatus a => WriteStatusAsync(observed, a, cancellationToken),
                    CreatePod a => CreatePodAsync(observed, a, cancellationToken),
                    DeletePod a => DeletePodAsync(observed, a, cancellationToken),
                    SetFinalizer a => SetFinalizerAsync(observed, a, cancellationToken),
                    DeleteRun => DeleteRunAsync(observed, cancellationToken),
                    RecordEvent a => events.RecordAsync(observed.Run, a, cancellationToken),
                    SetDisruptionBudget a => SetDisruptionBudgetAsync(observed, a, cancellationToken),
                    ReleaseGang a => ReleaseGangAsync(observed, a, cancellationToken),
                    _ => EnsureAsync(observed.Run, action, cancellationToken),
                }
            );
        }
        catch (ApiServerException e) when (Refusals.Is(e, action))
        {
            await _refusals.TellAsync(observed.Run, e.Message, cancellationToken);
            throw;
        }
        catch (ApiServerException e)
            when (e.Status is HttpStatusCode.Conflict or HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            throw new ClusterConflictException(e.Message);
        }
        catch (ApiServerException e) when (e.Reason == ApiServerException.NamespaceTerminating)
        {
            _terminating[observed.Run.Metadata.Uid] = true;
            throw new ClusterConflictException(e.Message);
        }
    }

    // Without it a network that keeps to policies would let nobody ask for progress, and every run would seem to stall.
    private static ManifestOptions WithOwnPeer(OperatorOptions options) =>
        options.Manifests with
        {
            MetricsPeers = [.. options.Manifests.MetricsPeers, new MetricsPeer { Namespace = options.OwnNamespace }],
        };

    private async Task WriteStatusAsync(Observed observed, SetStatus action, CancellationToken cancellationToken)
    {
        var metadata = observed.Run.Metadata;
        var body = new JsonObject
        {
            ["apiVersion"] = ResourceType.TrainingRuns.ApiVersion,
            ["kind"] = ResourceType.TrainingRuns.Kind,
            ["metadata"] = new JsonObject
            {
                ["namespace"] = metadata.Namespace,
                ["name"] = metadata.Name,
                ["uid"] = metadata.Uid,
                ["resourceVersion"] = metadata.ResourceVersion,
            },
            ["status"] = JsonSerializer.SerializeToNode(action.Status, ApiJson.Compact),
        };
        await server.ReplaceAsync(ResourceType.TrainingRuns, body, "status", cancellationToken);
        metrics.Transitions.Observe(observed.Run, action.Status, ports.Time.GetUtcNow());
    }

    private async Task CreatePodAsync(Observed observed, CreatePod action, CancellationToken cancellationToken)
    {
        var run = await _snapshots.AsBegunAsync(observed.Run, action.Pod.SpecHash, cancellationToken);
        var pod = PodManifest.Build(run, action.Pod, options.Manifests);
        await ownPods.CreateAsync(RunKey.Of(observed.Run), pod, cancellationToken);
    }

    private Task DeletePodAsync(Observed observed, DeletePod action, CancellationToken cancellationToken) =>
        server.DeleteAsync(
            ResourceType.Pods,
            observed.Run.Metadata.Namespace,
            action.Name,
            action.Uid,
            action.Force ? TimeSpan.Zero : action.Grace,
            cancellationToken
        );

    private Task SetFinalizerAsync(Observed observed, SetFinalizer action, CancellationToken cancellationToken)
    {
        var metadata = observed.Run.Metadata;
        var others = metadata.Finalizers.Where(f => f != FinalizerNames.Artifacts);
        var wanted = action.Present ? others.Append(FinalizerNames.Artifacts) : others;
        return _finalizers.SetAsync(
            metadata.Namespace,
            metadata.Name,
            metadata.Uid,
            metadata.ResourceVersion,
            wanted,
            cancellationToken
        );
    }

    private Task DeleteRunAsync(Observed observed, CancellationToken cancellationToken)
    {
        var metadata = observed.Run.Metadata;
        return server.DeleteAsync(
            ResourceType.TrainingRuns,
            metadata.Namespace,
            metadata.Name,
            metadata.Uid,
            null,
            cancellationToken
        );
    }
}
