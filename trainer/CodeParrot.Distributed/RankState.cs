namespace CodeParrot.Distributed;

/// <summary>What a rank holds when it joins.</summary>
/// <param name="Attempt">The attempt in which the state in memory was computed.</param>
/// <param name="StepInMemory">Step of the weights in memory; -1 if none.</param>
/// <param name="NewestCheckpoint">Name of the newest complete checkpoint it sees in the store; null if none.</param>
public sealed record RankState(int Attempt, long StepInMemory, string? NewestCheckpoint);
