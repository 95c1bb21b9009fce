namespace CodeParrot.Api.Status;

/// <summary>A stage that is done.</summary>
public sealed record StageStatus
{
    /// <summary>Attempt that did it.</summary>
    public int Attempt { get; init; }

    /// <summary>When its pods ended.</summary>
    public DateTimeOffset CompletedAt { get; init; }

    /// <summary>True where there was nothing to do.</summary>
    public bool Skipped { get; init; }

    /// <summary>What it made, by name: keys in the store, losses, paths.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
}
