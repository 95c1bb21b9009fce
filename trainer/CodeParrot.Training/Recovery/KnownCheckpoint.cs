using CodeParrot.Checkpoints;

namespace CodeParrot.Training.Recovery;

/// <summary>A checkpoint as every rank knows it, complete or on its way.</summary>
/// <param name="Reference"><c>branch/name</c>.</param>
/// <param name="Step">Steps done.</param>
/// <param name="DataStep">Step of the data order that comes next.</param>
internal sealed record KnownCheckpoint(string Reference, long Step, long DataStep)
{
    /// <summary>What all need to know of an entry; null for none.</summary>
    public static KnownCheckpoint? Of(CheckpointEntry? entry) =>
        entry is null ? null : new(entry.Reference, entry.Manifest.Step, entry.Manifest.DataStep);
}
