namespace CodeParrot.Contract.Runtime;

/// <summary>One rank as its pod sees it.</summary>
/// <param name="Rank">Index in the gang.</param>
/// <param name="State">Starting, Joining, Training, Checkpointing, Evaluating, Stopping, Done or Failed.</param>
/// <param name="Step">Finished steps.</param>
/// <param name="StepSeconds">Seconds of the last step's own computation, without waiting for others.</param>
/// <param name="UpdatedAt">When the rank last said so.</param>
public sealed record RankProgress(int Rank, string State, long Step, double StepSeconds, DateTimeOffset UpdatedAt);
