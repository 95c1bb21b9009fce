namespace CodeParrot.Distributed;

/// <summary>Where the sums of a gradient buffer end up.</summary>
public enum ReducedTo
{
    /// <summary>Every rank has all sums: an all-reduce of each bucket.</summary>
    EveryRank,

    /// <summary>
    /// A rank has the sums of its own slices, and scratch between them: a reduce-scatter, half of the traffic.
    /// </summary>
    OwnerOnly,
}
