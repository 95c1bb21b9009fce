namespace CodeParrot.Contract.Spec;

/// <summary>Which duplicate documents are dropped.</summary>
public sealed record DeduplicateSpec
{
    /// <summary>True keeps the first of documents that are equal but for white space.</summary>
    public bool Exact { get; init; } = true;

    /// <summary>Near duplicates, by MinHash.</summary>
    public NearDuplicatesSpec Near { get; init; } = new();
}
