using System.CommandLine;
using CodeParrot.Cli.Hosting;
using CodeParrot.Cli.State;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot promote CHECKPOINT [run]</c>: makes a checkpoint the published model.</summary>
internal static class PromoteCommand
{
    public static Command Create()
    {
        var checkpoint = new Argument<string>("checkpoint") { Description = "branch/name, or a name" };
        var run = CommandHost.RunArgument();
        var command = new Command("promote", "Publish a checkpoint") { checkpoint, run };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(async () =>
                {
                    var state = new StateFolder(result.GetRequiredValue(CommandHost.State));
                    var key = state.Find(result.GetValue(run));
                    var store = new RunStore(state, key, CommandHost.Trainer);
                    var published = await store.PromoteAsync(result.GetRequiredValue(checkpoint), token);
                    Console.WriteLine($"published {published}\nmodel folder: {store.FolderOf(published)}");
                    return 0;
                })
        );
        return command;
    }
}
