using System.CommandLine;
using CodeParrot.Cli.Places;

namespace CodeParrot.Cli.Commands;

/// <summary><c>resume [run]</c>: lets a suspended run go on from its newest checkpoint.</summary>
internal static class ResumeCommand
{
    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var command = new Command("resume", "Let a suspended run go on") { run };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place => await place.ResumeAsync(await place.FindAsync(result.GetValue(run), token), token)
                )
        );
        return command;
    }
}
