using System.CommandLine;
using CodeParrot.Cli.Completion;

namespace CodeParrot.Cli.Commands;

/// <summary><c>completion bash|zsh|fish</c>: the script that lets a shell complete words and names.</summary>
internal static class CompletionCommand
{
    /// <param name="program">Name that is typed.</param>
    public static Command Create(string program)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong([.. ShellScripts.Shells]);
        var command = new Command("completion", "Print a script that lets a shell complete words") { shell };
        command.SetAction(result => Console.Write(ShellScripts.Of(result.GetRequiredValue(shell), program)));
        return command;
    }
}
