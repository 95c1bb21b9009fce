namespace CodeParrot.Distributed.Coordination;

/// <summary>How a rank introduces itself to the coordinator.</summary>
internal sealed record JoinRequest(string RunUid, int Attempt, int WorldSize, int LastRound, Member Member);
