using CodeParrot.Checkpoints;

namespace CodeParrot.Training.Checkpointing;

/// <summary>A durable checkpoint, and what went for it.</summary>
/// <param name="Entry">The checkpoint.</param>
/// <param name="Deleted">What retention deleted behind it.</param>
internal sealed record PublishedCheckpoint(CheckpointEntry Entry, IReadOnlyList<CheckpointEntry> Deleted);
