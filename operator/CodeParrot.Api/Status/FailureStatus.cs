namespace CodeParrot.Api.Status;

/// <summary>The newest failure: the culprit's, not that of peers it took down.</summary>
/// <param name="Rank">Rank that failed first.</param>
/// <param name="Node">Its node; empty without a cluster.</param>
/// <param name="Reason">Class of the failure, as in <c>UserMistake</c> or <c>PodVanished</c>.</param>
/// <param name="ExitCode">Exit code of its pod; null for a pod that vanished.</param>
/// <param name="Message">What happened and what to do.</param>
/// <param name="Pod">Name of the pod.</param>
/// <param name="At">When the pod ended.</param>
public sealed record FailureStatus(
    int Rank,
    string Node,
    string Reason,
    int? ExitCode,
    string Message,
    string Pod,
    DateTimeOffset At
);
