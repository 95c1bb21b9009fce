using System.CommandLine;
using CodeParrot.Cli.Places;

namespace CodeParrot.Cli.Commands;

/// <summary><c>logs [run]</c>: what the ranks of the newest attempt print, or the pods of another stage.</summary>
internal static class LogsCommand
{
    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var rank = new Option<int?>("--rank") { Description = "One rank of the gang; all unless set" };
        var stage = new Option<string?>("--stage") { Description = "A stage; the newest that has pods unless set" };
        var follow = new Option<bool>("--follow") { Description = "Go on until the run ends" };
        var command = new Command("logs", "Print the logs of all ranks, each line with its rank before it")
        {
            run,
            rank,
            stage,
            follow,
        };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                    {
                        var found = await place.FindAsync(result.GetValue(run), token);
                        var wanted = new LogWish(
                            result.GetValue(rank),
                            result.GetValue(stage),
                            result.GetValue(follow)
                        );
                        await new LogReader(place, Console.Out, TimeProvider.System).ReadAsync(found, wanted, token);
                        return 0;
                    }
                )
        );
        return command;
    }
}
