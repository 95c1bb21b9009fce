using System.CommandLine;
using System.CommandLine.Completions;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Places;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Completion;

/// <summary>Names at a place, for the shell's completion: none where the place does not answer soon.</summary>
internal static class PlaceNames
{
    // A person waits with a finger on the key.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Names of runs.</summary>
    public static IEnumerable<CompletionItem> OfRuns(PlaceOpener opener, ParseResult result) =>
        Ask(opener, result, run => [run.Metadata.Name]);

    /// <summary>Checkpoints of all runs, as <c>branch/name</c>.</summary>
    public static IEnumerable<CompletionItem> OfCheckpoints(PlaceOpener opener, ParseResult result) =>
        Ask(opener, result, run => run.Status.Checkpoints.Select(CheckpointList.Key));

    /// <summary>Steps of checkpoints of all runs.</summary>
    public static IEnumerable<CompletionItem> OfSteps(PlaceOpener opener, ParseResult result) =>
        Ask(opener, result, run => run.Status.Checkpoints.Select(c => $"{c.Step}"));

    private static IEnumerable<CompletionItem> Ask(
        PlaceOpener opener,
        ParseResult result,
        Func<TrainingRun, IEnumerable<string>> names
    )
    {
        try
        {
            using var place = opener(result);
            using var patience = new CancellationTokenSource(Patience);
            var asked = Task.Run(() => place.ListAsync(patience.Token), patience.Token);
#pragma warning disable VSTHRD002 // The library asks synchronously, and no context waits for this thread.
            var runs = asked.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            return [.. runs.SelectMany(names).Distinct().Select(n => new CompletionItem(n))];
        }
        // Whoever presses a key wants no error across the line that they type: the command itself will tell.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [];
        }
    }
}
