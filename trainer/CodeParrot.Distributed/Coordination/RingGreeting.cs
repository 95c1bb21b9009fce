namespace CodeParrot.Distributed.Coordination;

/// <summary>How a rank introduces itself to the next one in the ring.</summary>
internal sealed record RingGreeting(string RoundId, int Rank);
