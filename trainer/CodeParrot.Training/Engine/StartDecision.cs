namespace CodeParrot.Training.Engine;

/// <summary>Where an attempt goes on from: rank 0 decides, all ranks do.</summary>
/// <param name="Checkpoint"><c>branch/name</c>; empty for a fresh start.</param>
/// <param name="Digest">Digest of its manifest: all ranks must see the same one.</param>
/// <param name="Warnings">Damaged checkpoints that were skipped.</param>
internal sealed record StartDecision(string Checkpoint, string Digest, IReadOnlyList<string> Warnings);
