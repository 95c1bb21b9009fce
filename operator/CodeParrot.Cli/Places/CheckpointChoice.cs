using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Cluster;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Places;

/// <summary>Finds the checkpoint that a command line means.</summary>
internal static class CheckpointChoice
{
    /// <summary>The checkpoint of a name.</summary>
    /// <param name="known">Complete checkpoints of the run.</param>
    /// <param name="checkpoint"><c>branch/name</c>, or a name.</param>
    /// <param name="run">The run.</param>
    /// <exception cref="UserMistakeException">There is none.</exception>
    public static CheckpointSummary Of(IReadOnlyList<CheckpointSummary> known, string checkpoint, RunKey run)
    {
        var names =
            known.Count == 0 ? "there is none" : "known are " + string.Join(", ", known.Select(CheckpointList.Key));
        return known.FirstOrDefault(c => checkpoint == c.Name || checkpoint == CheckpointList.Key(c))
            ?? throw new UserMistakeException($"no complete checkpoint '{checkpoint}' of {run}; {names}");
    }
}
