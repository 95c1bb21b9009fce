namespace CodeParrot.Model;

/// <summary>How one micro-batch is computed.</summary>
/// <param name="Scale">Factor on the gradient of the mean loss: 1 / M for a step of M micro-batches.</param>
/// <param name="Precision">Number format of the matrix products.</param>
/// <param name="DropoutSeed">
/// Seed of this micro-batch's dropout masks. Each block derives its own from it, so that a resumed step and a
/// recomputed block drop the same values. Unused where the model's dropout is 0.
/// </param>
/// <param name="Recompute">
/// Activation checkpointing: keep only each block's input and compute the block again in the backward pass. The same
/// gradients bit for bit, less memory, about a third more arithmetic.
/// </param>
public readonly record struct MicroBatch(double Scale, Precision Precision, ulong DropoutSeed, bool Recompute);
