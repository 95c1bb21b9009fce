namespace CodeParrot.Contract.Runtime;

/// <summary>A complete checkpoint in one line, as in <c>status.checkpoints</c>.</summary>
/// <param name="Name">As in <c>step-000015000-a1</c>.</param>
/// <param name="Branch">Branch it was written to.</param>
/// <param name="Step">Step it was taken after.</param>
/// <param name="Loss">Training loss at that step.</param>
/// <param name="EvalLoss">Loss on held-out data, where it was measured after this step.</param>
/// <param name="Bytes">Size of all objects.</param>
/// <param name="Digest">SHA-256 of the manifest, hex.</param>
/// <param name="CreatedAt">When the manifest was written.</param>
public sealed record CheckpointSummary(
    string Name,
    string Branch,
    long Step,
    double? Loss,
    double? EvalLoss,
    long Bytes,
    string Digest,
    DateTimeOffset CreatedAt
);
