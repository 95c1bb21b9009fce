namespace CodeParrot.Api.Status;

/// <summary>The deletion of the run's objects from the store, while the run is being deleted.</summary>
public sealed record CleanupStatus
{
    /// <summary>Pods that were begun for it.</summary>
    public int Tries { get; init; }

    /// <summary>When the newest of them was begun.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>A reason: CleanupStarted, ArtifactsDeleted or ArtifactsLeft.</summary>
    public string Result { get; init; } = "";

    /// <summary>Why the last try failed; empty while none has.</summary>
    public string Message { get; init; } = "";
}
