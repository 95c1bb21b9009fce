using CodeParrot.Contract.Spec;

namespace CodeParrot.Training.Engine;

/// <summary>Where an attempt goes on from, and how: rank 0 decides, all ranks do.</summary>
/// <param name="Checkpoint"><c>branch/name</c>; empty for a fresh start.</param>
/// <param name="Digest">Digest of its manifest: all ranks must see the same one.</param>
/// <param name="Warnings">Damaged checkpoints that were skipped.</param>
/// <param name="Precision">What matrix products are computed in, on whatever machine.</param>
internal sealed record StartDecision(
    string Checkpoint,
    string Digest,
    IReadOnlyList<string> Warnings,
    Precision Precision = Precision.Fp32
);
