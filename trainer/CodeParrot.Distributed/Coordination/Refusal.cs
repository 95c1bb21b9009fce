namespace CodeParrot.Distributed.Coordination;

/// <summary>A refusal on its way to the rank that throws it.</summary>
internal sealed record Refusal(RefusalReason Reason, string Expected, string Actual)
{
    public RendezvousRefusedException ToException() => new(Reason, Expected, Actual);
}
