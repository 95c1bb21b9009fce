using System.Net;

namespace CodeParrot.Operator.ApiServer;

/// <summary>The API server refused a request.</summary>
/// <param name="status">HTTP status, as in 409.</param>
/// <param name="reason">Kubernetes' reason, as in <c>AlreadyExists</c> or <c>Conflict</c>.</param>
/// <param name="message">What the server said, and on which object.</param>
/// <param name="retryAfter">How long the server wants to be left alone; null where it did not say.</param>
public sealed class ApiServerException(
    HttpStatusCode status,
    string reason,
    string message,
    TimeSpan? retryAfter = null
) : Exception(message)
{
    /// <summary>
    /// Reason (403) of a creation in a namespace that is being deleted; Kubernetes gives it as a cause of Forbidden.
    /// </summary>
    public const string NamespaceTerminating = "NamespaceTerminating";

    /// <summary>Reason (403) of a write that this operator itself held back: it may not lead any more.</summary>
    public const string NotLeader = "NotLeader";

    /// <summary>Reason (409) of a creation under a name that is taken.</summary>
    public const string AlreadyExists = "AlreadyExists";

    /// <summary>HTTP status.</summary>
    public HttpStatusCode Status { get; } = status;

    /// <summary>Kubernetes' reason.</summary>
    public string Reason { get; } = reason;

    /// <summary>How long the server wants to be left alone; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
