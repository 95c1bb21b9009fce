using System.CommandLine;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;

namespace CodeParrot.Trainer.Launch;

/// <summary><c>trainer launch -- &lt;stage command&gt;</c>: the first process of a pod.</summary>
internal static class LaunchCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("command")
        {
            Description = "The stage's command, as in: train --spec run.yaml",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("launch", "Start a pod's ranks, and end as they do") { words };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(
            async (result, token) =>
            {
                string[] all = [.. result.GetRequiredValue(words), .. result.UnmatchedTokens];
                PodEnvironment? environment = null;
                try
                {
                    environment = PodEnvironment.Read(Environment.GetEnvironmentVariable);
                    return (int)await new PodLauncher(environment, all, TimeProvider.System).RunAsync(token);
                }
                catch (Exception e)
                {
                    return Fail(environment, StageFailure.Of(e));
                }
            }
        );
        return command;
    }

    // The pod never got as far as its ranks: it has to speak for itself.
    private static int Fail(PodEnvironment? environment, StageFailure failure)
    {
        Console.Error.WriteLine("error: " + failure.Message);
        var message = new TerminationMessage
        {
            Attempt = environment?.Attempt ?? 0,
            ExitCode = (int)failure.Code,
            Class = failure.Class,
            Message = failure.Message,
        };
        TerminationLog.Say(environment?.TerminationLog, message);
        return (int)failure.Code;
    }
}
