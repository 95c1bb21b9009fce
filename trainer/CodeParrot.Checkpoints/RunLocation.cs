using CodeParrot.Contract.Store;

namespace CodeParrot.Checkpoints;

/// <summary>Where one run stands in a store.</summary>
/// <param name="Namespace">The run's namespace.</param>
/// <param name="Run">Its name.</param>
public sealed record RunLocation(string Namespace, string Run)
{
    /// <summary>Gets the prefix of everything of the run, without a slash at its end.</summary>
    public string Prefix => StorePaths.Run(Namespace, Run);

    /// <summary>Gets the key of <c>owner.json</c>.</summary>
    public string OwnerKey => $"{Prefix}/owner.json";

    /// <summary>Gets the prefix of all checkpoints of all branches, with a slash at its end.</summary>
    public string BranchesPrefix => StorePaths.Branches(Namespace, Run) + "/";

    /// <summary>Returns the prefix of a checkpoint, without a slash at its end.</summary>
    /// <param name="reference"><c>branch/name</c>.</param>
    public string CheckpointPrefix(string reference) => StorePaths.Checkpoint(Namespace, Run, reference);
}
