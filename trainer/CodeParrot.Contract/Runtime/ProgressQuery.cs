using System.Globalization;

namespace CodeParrot.Contract.Runtime;

/// <summary>
/// How <c>GET /progress</c> is asked. The question may carry a request for a checkpoint, as in
/// <c>/progress?run=5f1c…&amp;generation=7&amp;checkpoint=now-1</c>: asked again it changes nothing, and the answer
/// tells when it is served.
/// </summary>
public static class ProgressQuery
{
    /// <summary>Path of the question.</summary>
    public const string Path = "/progress";

    /// <summary>
    /// Parameter with the UID of the run that is meant: an address may have gone to another run's pod.
    /// </summary>
    public const string Run = "run";

    /// <summary>Parameter with <see cref="CheckpointRequest.Generation"/>.</summary>
    public const string Generation = "generation";

    /// <summary>Parameter with <see cref="CheckpointRequest.Nonce"/>.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>Most characters of a request's value.</summary>
    public const int MaxNonceLength = 64;

    /// <summary>The query of a question, from its question mark; empty for one that carries no request.</summary>
    /// <param name="runUid">UID of the run.</param>
    /// <param name="request">The request; null for none.</param>
    public static string Of(string runUid, CheckpointRequest? request) =>
        request is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"?{Run}={Uri.EscapeDataString(runUid)}&{Generation}={request.Generation}"
                    + $"&{Checkpoint}={Uri.EscapeDataString(request.Nonce)}"
            );

    /// <summary>The request that a question carries; null for none, and for one that is not for this run.</summary>
    /// <param name="runUid">UID of the run that is asked.</param>
    /// <param name="parameter">The question's parameters by name; null or empty for those that it has not.</param>
    public static CheckpointRequest? Read(string runUid, Func<string, string?> parameter) =>
        parameter(Checkpoint) is { Length: > 0 and <= MaxNonceLength } nonce
        && parameter(Run) == runUid
        && long.TryParse(parameter(Generation), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new CheckpointRequest(nonce, generation)
            : null;
}
