namespace CodeParrot.Distributed;

/// <summary>
/// Two neighbouring ranks called different collectives, or the same with different sizes. This is a bug.
/// </summary>
public sealed class CollectiveMismatchException : Exception
{
    /// <summary>States what each of the two ranks called.</summary>
    public CollectiveMismatchException(int rank, string call, int otherRank, string otherCall)
        : base($"Ranks disagree on the collective: rank {rank} called {call}, rank {otherRank} called {otherCall}")
    {
        Rank = rank;
        Call = call;
        OtherRank = otherRank;
        OtherCall = otherCall;
    }

    /// <summary>The rank that saw the difference first.</summary>
    public int Rank { get; }

    /// <summary>What <see cref="Rank"/> called: operation, sequence number and bytes.</summary>
    public string Call { get; }

    /// <summary>Its neighbour.</summary>
    public int OtherRank { get; }

    /// <summary>What <see cref="OtherRank"/> called.</summary>
    public string OtherCall { get; }
}
