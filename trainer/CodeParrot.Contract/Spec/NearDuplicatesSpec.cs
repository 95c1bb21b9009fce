namespace CodeParrot.Contract.Spec;

/// <summary>MinHash deduplication.</summary>
public sealed record NearDuplicatesSpec
{
    /// <summary>Whether near duplicates are dropped.</summary>
    public bool Enabled { get; init; }

    /// <summary>Jaccard similarity above which two documents count as one, 0 to 1.</summary>
    public double Similarity { get; init; } = 0.85;

    /// <summary>Hash functions of the signature.</summary>
    public int Permutations { get; init; } = 256;
}
