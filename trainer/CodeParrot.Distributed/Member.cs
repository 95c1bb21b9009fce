namespace CodeParrot.Distributed;

/// <summary>One rank of a round.</summary>
/// <param name="Rank">Its rank in the run.</param>
/// <param name="Host">Name or address at which its ring port is reached.</param>
/// <param name="Port">Its ring port; 0 in a world of one.</param>
/// <param name="State">What it holds.</param>
/// <param name="Generation">Which of the attempt's pods of this rank it is, from 0.</param>
public sealed record Member(int Rank, string Host, int Port, RankState State, int Generation = 0);
