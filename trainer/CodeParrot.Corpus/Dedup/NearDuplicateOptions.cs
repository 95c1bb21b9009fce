namespace CodeParrot.Corpus.Dedup;

/// <summary>Which documents count as near duplicates, and how hard they are looked for.</summary>
public sealed record NearDuplicateOptions
{
    /// <summary>
    /// Jaccard similarity of two documents' sets of tokens from which on they count as one; above 0, at most 1.
    /// </summary>
    public double Similarity { get; init; } = 0.85;

    /// <summary>Hash functions of a signature, 1 to 4096; more find more of the pairs.</summary>
    public int Permutations { get; init; } = 256;

    /// <summary>Yields every mistake, with its field.</summary>
    public IEnumerable<string> Validate()
    {
        if (!(Similarity > 0 && Similarity <= 1))
            yield return $"deduplicate.near.similarity: must be above 0 and at most 1, was {Similarity}";
        if (Permutations is < 1 or > 4096)
            yield return $"deduplicate.near.permutations: must be between 1 and 4096, was {Permutations}";
    }
}
