namespace CodeParrot.Distributed;

/// <summary>A round that a rank is connected in.</summary>
/// <param name="Group">Its ranks, by position; the caller disposes it.</param>
/// <param name="Number">Grows with every round of the attempt; the first is 1.</param>
/// <param name="StateSource">
/// The position from whose memory the state is broadcast; -1 when no rank holds any, as at a start.
/// </param>
/// <param name="StateStep">Step of that state; -1 for none.</param>
public sealed record JoinedRound(IProcessGroup Group, int Number, int StateSource, long StateStep)
{
    /// <summary>Gets the ranks of the run by position; empty where each stands at its own number.</summary>
    public IReadOnlyList<int> Ranks { get; init; } = [];

    /// <summary>
    /// Gets whether ranks that the round lacks have come since and wait for the next one; only rank 0 hears of them.
    /// </summary>
    public Func<bool> HasGuests { get; init; } = static () => false;
}
