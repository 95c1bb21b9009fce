namespace CodeParrot.Checkpoints;

/// <summary>What a run's prefix holds.</summary>
/// <param name="Complete">Checkpoints that this build reads, newest first.</param>
/// <param name="Newer">Why those are not among them that a newer version of CodeParrot wrote.</param>
public sealed record CheckpointListing(
    IReadOnlyList<CheckpointEntry> Complete,
    IReadOnlyList<CheckpointFormatException> Newer
);
