using CodeParrot.Contract.Store;

namespace CodeParrot.Simulation.Tests.Trainers;

/// <summary>What the store holds of one run, by its namespace and name: a re-created run finds it again.</summary>
internal sealed class RunPrefix
{
    public RunOwner? Owner { get; set; }

    public List<StoredCheckpoint> Checkpoints { get; } = [];

    /// <summary>Gets or sets the checkpoint that the run's ref names; empty for none.</summary>
    public string Published { get; set; } = "";

    public IEnumerable<StoredCheckpoint> Complete => Checkpoints.Where(c => c.IsComplete);

    /// <summary>Gets the complete checkpoint committed last; null for none.</summary>
    public StoredCheckpoint? Newest => Complete.MaxBy(c => c.CreatedAt);

    public StoredCheckpoint? Find(string reference) => Complete.LastOrDefault(c => c.Reference == reference);

    /// <summary>
    /// Where a branch goes on: its own newest checkpoint, or else the one that it starts from; null for the
    /// beginning.
    /// </summary>
    public StoredCheckpoint? ResumeFrom(string branch, string startFrom) =>
        Complete.Where(c => c.Branch == branch).MaxBy(c => c.Step) ?? (startFrom.Length > 0 ? Find(startFrom) : null);
}
