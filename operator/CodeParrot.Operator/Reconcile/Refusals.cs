using System.Collections.Concurrent;
using System.Net;
using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Tells a run's user what the server refuses to make for it: a quota that is spent, a template that is no pod, a
/// resource that is not installed. Nothing in the run's status would say so, and the run would seem to wait for
/// nothing.
/// </summary>
/// <param name="events">Writes events.</param>
/// <param name="time">Clock.</param>
internal sealed class Refusals(RunEvents events, TimeProvider time)
{
    private const string Reason = "Refused";
    private const int MaxKept = 1024;

    // Passes are tried again and again, and pods by the dozen.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, long> _told = new();

    /// <summary>True for an answer that will be the same until a person does something.</summary>
    public static bool Is(ApiServerException answer, PlanAction action) =>
        answer.Status switch
        {
            HttpStatusCode.Forbidden => answer.Reason
                is not (ApiServerException.NamespaceTerminating or ApiServerException.NotLeader),
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => true,
            // The kind is unknown: a gang scheduler that is named and not installed.
            HttpStatusCode.NotFound => action is EnsureGang,
            _ => false,
        };

    /// <summary>Tells it, unless something was told of this run a moment ago.</summary>
    public async Task TellAsync(TrainingRun run, string message, CancellationToken cancellationToken)
    {
        var uid = run.Metadata.Uid;
        if (_told.TryGetValue(uid, out var at) && time.GetElapsedTime(at) < Interval)
        {
            return;
        }

        if (_told.Count >= MaxKept)
        {
            _told.Clear();
        }

        _told[uid] = time.GetTimestamp();
        await events.RecordAsync(run, new RecordEvent(Warning: true, Reason, message), cancellationToken);
    }
}
