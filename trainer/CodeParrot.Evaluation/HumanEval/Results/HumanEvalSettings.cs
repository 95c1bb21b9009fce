namespace CodeParrot.Evaluation.HumanEval.Results;

/// <summary>All that the figures depend on. Results of other settings are never mixed with these.</summary>
public sealed record HumanEvalSettings
{
    /// <summary>The model: a checkpoint's name, or the digest of a folder's weights.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the file of problems.</summary>
    public required string Problems { get; init; }

    /// <summary>Completions a problem.</summary>
    public required int Samples { get; init; }

    /// <summary>Sampling temperature.</summary>
    public required double Temperature { get; init; }

    /// <summary>Nucleus mass.</summary>
    public required double TopP { get; init; }

    /// <summary>Most tokens of a completion.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Seed of all draws.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Time of a program in seconds, as on an idle machine.</summary>
    public required double TimeoutSeconds { get; init; }

    /// <summary>Memory of a program in bytes.</summary>
    public required long MemoryBytes { get; init; }
}
