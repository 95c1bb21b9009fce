namespace CodeParrot.Contract.Store;

/// <summary>A ref in the store (<c>refs/main</c>, <c>refs/runs/…</c>): names one checkpoint.</summary>
public sealed record CheckpointReference
{
    /// <summary>Key prefix of the checkpoint in the store.</summary>
    public string Checkpoint { get; init; } = "";

    /// <summary>Digest of its manifest, hex.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Step of the checkpoint.</summary>
    public long Step { get; init; }

    /// <summary>When the ref was changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
