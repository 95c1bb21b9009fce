using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;

namespace CodeParrot.Checkpoints;

/// <summary>A complete checkpoint: one whose manifest exists.</summary>
/// <param name="Prefix">Its prefix in the store, without a slash at its end.</param>
/// <param name="Manifest">What it holds.</param>
/// <param name="Digest">SHA-256 of the manifest's bytes, hex.</param>
public sealed record CheckpointEntry(string Prefix, CheckpointManifest Manifest, string Digest)
{
    /// <summary>Gets <c>branch/name</c>, as parents and rollbacks name it.</summary>
    public string Reference => $"{Manifest.Branch}/{Manifest.Name}";

    /// <summary>Gets the key of the manifest.</summary>
    public string ManifestKey => $"{Prefix}/{CheckpointManifest.FileName}";

    /// <summary>Gets the size of all objects but the manifest, in bytes.</summary>
    public long SizeBytes => Manifest.Objects.Sum(o => o.SizeBytes);

    /// <summary>Gets the checkpoint in one line.</summary>
    public CheckpointSummary Summary =>
        new(
            Manifest.Name,
            Manifest.Branch,
            Manifest.Step,
            Manifest.Loss,
            Manifest.EvalLoss,
            SizeBytes,
            Digest,
            Manifest.CreatedAt
        );

    /// <summary>Returns the key of one of its objects.</summary>
    public string KeyOf(string name) => $"{Prefix}/{name}";
}
