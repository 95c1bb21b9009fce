using CodeParrot.Contract.Store;
using CodeParrot.Operator.Core.Observation;

namespace CodeParrot.Operator.Core.Progress;

/// <summary>
/// What rank 0 of one attempt says of the store: the complete checkpoints of the run as it last saw them. What is
/// deleted never comes back, so an old word stays true of all that it could know of.
/// </summary>
internal sealed class StoreWord
{
    private readonly int _attempt;
    private readonly HashSet<string> _names;
    private readonly long _newestOwnStep;

    /// <summary>The words of an attempt, or of whoever listed the store while it lived.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="names">Every complete checkpoint, <c>branch/name</c>.</param>
    public StoreWord(int attempt, IReadOnlyList<string> names)
    {
        _attempt = attempt;
        _names = names.ToHashSet(StringComparer.Ordinal);
        _newestOwnStep = names
            .Select(NameOf)
            .Where(n => StorePaths.AttemptOf(n) == attempt)
            .Select(StorePaths.StepOf)
            .DefaultIfEmpty(-1)
            .Max();
    }

    /// <summary>All that pods and progress say.</summary>
    public static IReadOnlyList<StoreWord> Heard(Observed observed)
    {
        var words = observed
            .Speakers()
            .Where(p => p.Message!.Stored is not null)
            .Select(p => new StoreWord(p.Attempt, p.Message!.Stored!))
            .ToList();
        if (observed.CurrentProgress() is { Stored: { } stored } progress)
        {
            words.Add(new StoreWord(progress.Attempt, stored));
        }

        return words;
    }

    /// <summary>
    /// True for a checkpoint that is deleted: it is not there, and was committed before these words were spoken.
    /// </summary>
    /// <param name="checkpoint"><c>branch/name</c>.</param>
    public bool Misses(string checkpoint)
    {
        var name = NameOf(checkpoint);
        var attempt = StorePaths.AttemptOf(name);
        var isOlder = attempt < _attempt || (attempt == _attempt && StorePaths.StepOf(name) <= _newestOwnStep);
        return isOlder && !_names.Contains(checkpoint);
    }

    private static string NameOf(string checkpoint) => checkpoint[(checkpoint.IndexOf('/') + 1)..];
}
