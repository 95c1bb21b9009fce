using System.Text.Json.Nodes;
using CodeParrot.Api.Names;
using CodeParrot.Api.Status;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Watching;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Tells the owner of a run that this operator cannot read (another version's field, say), by the condition Accepted.
/// The rest of its status is left as it is, as JSON.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="runs">The runs.</param>
/// <param name="time">Clock.</param>
internal sealed class UnreadableRuns(IApiServer server, Store<RunRecord> runs, TimeProvider time)
{
    private const int MaxMessage = 1024;

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
}
