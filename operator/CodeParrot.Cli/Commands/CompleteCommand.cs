using System.CommandLine;
using CodeParrot.Cli.Completion;

namespace CodeParrot.Cli.Commands;

/// <summary><c>complete -- words…</c>: candidates for the last word, one a line, for the shells' scripts.</summary>
internal static class CompleteCommand
{
    // kubectl 1.26 asks kubectl_complete-codeparrot, and expects Cobra's directive in the last line: 4 offers no files.
    private const string KubectlDirective = ":4";

    /// <param name="root">The command whose words are completed.</param>
    public static Command Create(Command root)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore };
        var kubectl = new Option<bool>("--kubectl") { Description = "End with the directive that kubectl expects" };
        var command = new Command("complete", "Candidates for the last word") { words, kubectl };
        command.Hidden = true;
        command.SetAction(result =>
        {
            foreach (var candidate in Candidates.Of(root, result.GetValue(words) ?? []))
            {
                Console.WriteLine(candidate);
            }

            if (result.GetValue(kubectl))
            {
                Console.WriteLine(KubectlDirective);
            }
        });
        return command;
    }
}
