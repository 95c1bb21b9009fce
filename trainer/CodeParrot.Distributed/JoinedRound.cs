namespace CodeParrot.Distributed;

/// <summary>A round that a rank is connected in.</summary>
/// <param name="Group">Its ranks; the caller disposes it.</param>
/// <param name="Number">Grows with every round of the attempt; the first is 1.</param>
/// <param name="StateSource">
/// The rank from whose memory the state is broadcast; -1 when no rank holds any, as at a start.
/// </param>
/// <param name="StateStep">Step of that state; -1 for none.</param>
public sealed record JoinedRound(IProcessGroup Group, int Number, int StateSource, long StateStep);
