namespace CodeParrot.Contract.Runtime;

/// <summary>
/// How <c>GET /progress</c> is asked. The question may carry a request for a checkpoint, as in
/// <c>/progress?run=5f1c…&amp;checkpoint=now-1</c>: asked again it changes nothing, and the answer tells when it is
/// served.
/// </summary>
public static class ProgressQuery
{
    /// <summary>Path of the question.</summary>
    public const string Path = "/progress";

    /// <summary>
    /// Parameter with the UID of the run that is meant: an address may have gone to another run's pod.
    /// </summary>
    public const string Run = "run";

    /// <summary>Parameter with the value of <c>spec.checkpoints.requestNonce</c>.</summary>
    public const string Checkpoint = "checkpoint";

    /// <summary>Most characters of a request's value.</summary>
    public const int MaxNonceLength = 64;

    /// <summary>The query of a question, from its question mark; empty for one that carries no request.</summary>
    /// <param name="runUid">UID of the run.</param>
    /// <param name="nonce">The request; empty for none.</param>
    public static string Of(string runUid, string nonce) =>
        nonce.Length == 0 ? "" : $"?{Run}={Uri.EscapeDataString(runUid)}&{Checkpoint}={Uri.EscapeDataString(nonce)}";
}
