using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Contract.Store;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Planning;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Tells the owner of a run that this operator cannot read (another version's field, say), by the condition Accepted,
/// and lets it go when it is deleted. The rest of it is left as it is, as JSON.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="runs">The runs.</param>
/// <param name="events">Writes events.</param>
/// <param name="time">Clock.</param>
internal sealed class UnreadableRuns(IApiServer server, Store<RunRecord> runs, RunEvents events, TimeProvider time)
{
    private const int MaxMessage = 1024;

    private readonly RunFinalizers _finalizers = new(server);

    /// <summary>
    /// Writes the condition unless it stands there already; does nothing for a run that is gone or readable.
    /// </summary>
    public async Task TellAsync(RunKey run, CancellationToken cancellationToken)
    {
        if (runs.Of(run) is not [{ Run: null } record])
        {
            return;
        }

        var type = ResourceType.TrainingRuns;
        var current = await server.GetAsync(type, run.Namespace, run.Name, cancellationToken);
        if (current is null || (string?)current["metadata"]?["uid"] != record.Uid)
        {
            return;
        }

        if (current["metadata"]?["deletionTimestamp"] is not null)
        {
            await LetGoAsync(run, current, cancellationToken);
            return;
        }

        var status = current["status"] as JsonObject ?? [];
        var conditions = status["conditions"] as JsonArray ?? [];
        var message = record.Mistake.Length > MaxMessage ? record.Mistake[..MaxMessage] : record.Mistake;
        var known = conditions.FirstOrDefault(c => (string?)c?["type"] == ConditionTypes.Accepted);
        if ((string?)known?["status"] == RunCondition.False && (string?)known["message"] == message)
        {
            return;
        }

        var kept = conditions.Where(c => c is not null && c != known).Select(c => c!.DeepClone());
        status["conditions"] = new JsonArray([
            .. kept,
            new JsonObject
            {
                ["type"] = ConditionTypes.Accepted,
                ["status"] = RunCondition.False,
                ["reason"] = ConditionReasons.Unreadable,
                ["message"] = message,
                ["observedGeneration"] = current["metadata"]?["generation"]?.DeepClone(),
                ["lastTransitionTime"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            },
        ]);
        current["status"] = status.Parent is null ? status : status.DeepClone();
        await server.ReplaceAsync(type, current, "status", cancellationToken);
    }

    // Its objects in the store cannot be deleted without its spec, and it must not hold its namespace for ever.
    private async Task LetGoAsync(RunKey run, JsonObject current, CancellationToken cancellationToken)
    {
        var metadata = current["metadata"]!.AsObject();
        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        if (!finalizers.Any(IsOurs))
        {
            return;
        }

        await _finalizers.SetAsync(
            run.Namespace,
            run.Name,
            Text(metadata["uid"]),
            Text(metadata["resourceVersion"]),
            finalizers.Where(f => !IsOurs(f)).Select(Text),
            cancellationToken
        );
        var store = current["spec"]?["store"] is JsonObject { } named ? Text(named["uri"]) : "";
        var prefix = StorePaths.Run(run.Namespace, run.Name);
        var message =
            $"{prefix} of store {(store.Length > 0 ? store : "unknown")} is left behind: the run cannot be read";
        var regarding = new TrainingRun
        {
            Metadata = new ObjectMetadata
            {
                Namespace = run.Namespace,
                Name = run.Name,
                Uid = Text(metadata["uid"]),
            },
        };
        var said = new RecordEvent(Warning: true, ConditionReasons.ArtifactsLeft, message);
        await events.RecordAsync(regarding, said, cancellationToken);
    }

    private static bool IsOurs(JsonNode? finalizer) => Text(finalizer) == FinalizerNames.Artifacts;

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
