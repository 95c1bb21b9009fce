namespace CodeParrot.Distributed;

/// <summary>This rank was turned away; trying again with the same values cannot help.</summary>
public sealed class RendezvousRefusedException : Exception
{
    /// <summary>States the reason, and both sides' values.</summary>
    public RendezvousRefusedException(RefusalReason reason, string expected, string actual)
        : base($"Rendezvous refused ({reason}): the round has {expected}, this rank came with {actual}")
    {
        Reason = reason;
        Expected = expected;
        Actual = actual;
    }

    /// <summary>What did not fit.</summary>
    public RefusalReason Reason { get; }

    /// <summary>The value of the round. A key is never shown.</summary>
    public string Expected { get; }

    /// <summary>The value of the refused rank.</summary>
    public string Actual { get; }
}
