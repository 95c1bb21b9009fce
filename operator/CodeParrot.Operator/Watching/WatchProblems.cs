using System.Net;
using CodeParrot.Operator.ApiServer;

namespace CodeParrot.Operator.Watching;

/// <summary>
/// Says what to do about a cache that cannot be kept. The operator waits rather than ends: what it misses may be
/// installed a moment later, and a pod that starts again and again says less than one that says what it waits for.
/// </summary>
internal static partial class WatchProblems
{
    /// <summary>The problem in a sentence, with its remedy where there is one.</summary>
    public static string Explain(ResourceType type, Exception cause) =>
        cause switch
        {
            ApiServerException { Status: HttpStatusCode.NotFound } when type == ResourceType.TrainingRuns =>
                $"the cluster does not know {type.Plural}.{type.Group}: install its CustomResourceDefinition",
            ApiServerException { Status: HttpStatusCode.Forbidden } e =>
                $"{type.Plural} may not be listed and watched: give the operator's account the role ({e.Message})",
            ApiServerException { Status: HttpStatusCode.Unauthorized } e =>
                $"the API server does not accept the operator's credentials ({e.Message})",
            ApiServerException { Status: HttpStatusCode.Gone } =>
                $"the watch of {type.Plural} is too old; listing anew",
            _ => $"{type.Plural} cannot be followed: {cause.Message}",
        };

    /// <summary>Logs a problem.</summary>
    [LoggerMessage(Message = "Watching again soon: {Problem}")]
    public static partial void LogProblem(ILogger logger, LogLevel level, string problem, Exception? exception);
}
