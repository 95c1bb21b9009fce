using CodeParrot.Api.Resources;
using CodeParrot.Operator.ApiServer;
using CodeParrot.Operator.Core.Manifests;
using CodeParrot.Operator.Core.Planning;

namespace CodeParrot.Operator.Reconcile;

/// <summary>
/// Writes events on runs. They are told once, behind the status write that they speak of, and may be lost.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="identity">Who speaks.</param>
/// <param name="time">Clock.</param>
/// <param name="log">Where messages go.</param>
internal sealed partial class RunEvents(IApiServer server, string identity, TimeProvider time, ILogger<RunEvents> log)
{
    /// <summary>Writes an event; that it cannot be written is logged and changes nothing.</summary>
    public async Task RecordAsync(TrainingRun run, RecordEvent said, CancellationToken cancellationToken)
    {
        try
        {
            var body = EventManifest.Build(run, said, time.GetUtcNow(), identity);
            await server.CreateAsync(ResourceType.Events, body, cancellationToken);
        }
        catch (Exception e) when (e is ApiServerException or HttpRequestException or IOException)
        {
            LogLost(run.Metadata.Name, run.Metadata.Namespace, said.Reason, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event of {Run} in {Namespace} was lost ({Reason}): {Cause}")]
    private partial void LogLost(string run, string @namespace, string reason, string cause);
}
