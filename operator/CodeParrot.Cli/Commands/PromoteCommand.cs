using System.CommandLine;
using CodeParrot.Cli.Completion;
using CodeParrot.Cli.Places;

namespace CodeParrot.Cli.Commands;

/// <summary><c>promote CHECKPOINT [run]</c>: makes a checkpoint the published model.</summary>
internal static class PromoteCommand
{
    public static Command Create(PlaceOpener opener)
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "branch/name, or a name" };
        checkpoint.CompletionSources.Add(context => PlaceNames.OfCheckpoints(opener, context.ParseResult));
        var run = CommandHost.RunArgument(opener);
        var command = new Command("promote", "Publish a checkpoint") { checkpoint, run };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                    {
                        var found = await place.FindAsync(result.GetValue(run), token);
                        var published = await place.PromoteAsync(found, result.GetRequiredValue(checkpoint), token);
                        Console.WriteLine($"published {published}\nmodel folder: {place.FolderOf(found, published)}");
                        return 0;
                    }
                )
        );
        return command;
    }
}
