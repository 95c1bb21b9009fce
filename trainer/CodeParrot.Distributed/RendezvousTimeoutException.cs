namespace CodeParrot.Distributed;

/// <summary>Not all ranks came together in time.</summary>
public sealed class RendezvousTimeoutException : Exception
{
    /// <summary>States who is missing and what was tried.</summary>
    public RendezvousTimeoutException(IReadOnlyList<int> missingRanks, string detail, Exception? inner = null)
        : base($"Rendezvous timed out, missing ranks [{string.Join(", ", missingRanks)}]: {detail}", inner)
    {
        MissingRanks = missingRanks;
    }

    /// <summary>The ranks that did not come, ascending; rank 0 alone when no coordinator answered.</summary>
    public IReadOnlyList<int> MissingRanks { get; }
}
