namespace CodeParrot.Contract.Spec;

/// <summary>Near duplicates: MinHash signatures find pairs, their sets of tokens decide.</summary>
public sealed record NearDuplicatesSpec
{
    /// <summary>True keeps the first document of each group of near duplicates.</summary>
    public bool Enabled { get; init; }

    /// <summary>Jaccard similarity of two documents' sets of tokens from which on they count as one, 0 to 1.</summary>
    public double Similarity { get; init; } = 0.85;

    /// <summary>Hash functions of the signature, 1 to 4096; more find more of the pairs.</summary>
    public int Permutations { get; init; } = 256;
}
