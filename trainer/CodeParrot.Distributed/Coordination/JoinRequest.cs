namespace CodeParrot.Distributed.Coordination;

/// <summary>How a rank introduces itself to the coordinator.</summary>
/// <param name="RunUid">Its run.</param>
/// <param name="Attempt">Its attempt.</param>
/// <param name="WorldSize">Ranks that it counts on.</param>
/// <param name="LastRound">The last round it was in; 0 for none.</param>
/// <param name="Member">Itself.</param>
/// <param name="Generations">Generations of that round's members by rank, of which older ones are stragglers.</param>
internal sealed record JoinRequest(
    string RunUid,
    int Attempt,
    int WorldSize,
    int LastRound,
    Member Member,
    int[]? Generations = null
);
