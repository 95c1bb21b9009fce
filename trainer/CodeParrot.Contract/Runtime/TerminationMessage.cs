namespace CodeParrot.Contract.Runtime;

/// <summary>What a pod says as it ends; JSON of at most <see cref="MaxBytes"/> bytes.</summary>
public sealed record TerminationMessage
{
    /// <summary>Kubernetes' own limit for a container's message.</summary>
    public const int MaxBytes = 4096;

    /// <summary>Class of a run that finds its part of the store owned by another.</summary>
    public const string StoreInUse = "StoreInUse";

    /// <summary>Class of whoever is to use a checkpoint that is not there, <see cref="Checkpoint"/>.</summary>
    public const string CheckpointMissing = "CheckpointMissing";

    /// <summary>
    /// Class of spikes of loss or gradient that the run is to be taken back from: to <see cref="Checkpoint"/>, with
    /// <see cref="SkipSteps"/>.
    /// </summary>
    public const string LossSpike = "LossSpike";

    /// <summary>Rank that speaks; the culprit's in a pod of several.</summary>
    public int Rank { get; init; }

    /// <summary>Attempt of the pod.</summary>
    public int Attempt { get; init; }

    /// <summary>Last finished step.</summary>
    public long Step { get; init; }

    /// <summary>Exit code, by number.</summary>
    public int ExitCode { get; init; }

    /// <summary>
    /// Class of the failure in one word, as in <c>PeerLost</c>: the name of the exit code, or one of the narrower ones
    /// that stand here.
    /// </summary>
    public string Class { get; init; } = "";

    /// <summary>What happened and what to do.</summary>
    public string Message { get; init; } = "";

    /// <summary>
    /// Newest checkpoint known, <c>branch/name</c>, or the one that <see cref="Class"/> speaks of; empty for none.
    /// </summary>
    public string Checkpoint { get; init; } = "";

    /// <summary>Steps of data after <see cref="Checkpoint"/> to leave out, where a rollback is asked for.</summary>
    public int SkipSteps { get; init; }

    /// <summary>Checkpoints in the store, newest first, as far as they fit.</summary>
    public IReadOnlyList<CheckpointSummary> Checkpoints { get; init; } = [];

    /// <summary>Every complete checkpoint of the run, as in <see cref="RunProgress.Stored"/>.</summary>
    public IReadOnlyList<string>? Stored { get; init; }

    /// <summary>The request for a checkpoint that was served last; null for none.</summary>
    public ServedRequest? ServedRequest { get; init; }

    /// <summary>What a stage made, by name: keys in the store, losses, paths.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
}
