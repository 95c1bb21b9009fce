namespace CodeParrot.Api.Status;

/// <summary>One attempt of a run's history.</summary>
public sealed record AttemptStatus
{
    /// <summary>Number, from 1.</summary>
    public int Number { get; init; }

    /// <summary>Stage it is in, or ended in.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Branch its checkpoints go to.</summary>
    public string Branch { get; init; } = "";

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it is the living one.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Exit code of the culprit, where a pod failed.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Times that lost pods of it were replaced, once it has ended.</summary>
    public int Replacements { get; init; }

    /// <summary>Last step that was seen.</summary>
    public long LastStep { get; init; }
}
