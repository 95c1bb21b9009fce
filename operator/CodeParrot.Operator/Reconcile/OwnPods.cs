using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Observation;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Makes pods, and sees to it that no pass is blind to them: runs and pods are heard of by two watches, and where that
/// of pods is behind, a rollback would begin its attempt beside the pods that were made a moment ago.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="pods">The cache, which is told of each pod at once.</param>
/// <param name="project">What is kept of a pod.</param>
internal sealed class OwnPods(
    IApiServer server,
    Store<PodObservation> pods,
    Func<JsonElement, CachedObject<PodObservation>> project
)
{
    // Names under which a pod may have been made although no answer said so.
    private readonly ConcurrentDictionary<RunKey, ConcurrentDictionary<string, bool>> _unsure = new();

    /// <summary>Makes a pod.</summary>
    public async Task CreateAsync(RunKey run, JsonObject pod, CancellationToken cancellationToken)
    {
        try
        {
            var made = await server.CreateAsync(ResourceType.Pods, pod, cancellationToken);
            Keep(new JsonObject { ["metadata"] = Head(made) });
        }
        catch (Exception e) when (!IsRefusal(e))
        {
            var names = _unsure.GetOrAdd(run, _ => new());
            names[(string?)pod["metadata"]?["name"] ?? ""] = true;
            throw;
        }
    }

    /// <summary>Asks for the pods of a run that may have been made.</summary>
    public async Task AskAsync(RunKey run, CancellationToken cancellationToken)
    {
        if (!_unsure.TryGetValue(run, out var names))
        {
            return;
        }

        foreach (var name in names.Keys.Order(StringComparer.Ordinal))
        {
            var pod = await server.GetAsync(ResourceType.Pods, run.Namespace, name, cancellationToken);
            // A stranger's pod is none that the watch would ever tell the end of.
            if ((string?)pod?["metadata"]?["labels"]?[LabelNames.ManagedBy] == LabelNames.ManagedByValue)
            {
                Keep(pod);
            }

            names.TryRemove(name, out _);
        }

        _unsure.TryRemove(run, out _);
    }

    // All that there is to say of a new pod, a tenth of the answer: a gang has a thousand.
    private static JsonObject Head(JsonObject made)
    {
        var head = made["metadata"]!.AsObject();
        head.Remove("managedFields");
        made.Remove("metadata");
        return head;
    }

    private void Keep(JsonObject pod) => pods.Foresee(project(JsonSerializer.SerializeToElement(pod)));

    // Only then nothing was made. A name that is taken may be taken by ours, which an answer that got lost told of.
    private static bool IsRefusal(Exception e) =>
        e
            is ApiServerException
            {
                Status: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            } refused
        && refused.Status != HttpStatusCode.Conflict;
}
