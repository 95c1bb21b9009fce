using System.CommandLine;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Places;
using CodeParrot.Contract.Runtime;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Commands;

/// <summary><c>suspend [run]</c>: stops a run after a checkpoint; its pods go.</summary>
internal static class SuspendCommand
{
    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var command = new Command("suspend", "Stop a run after a checkpoint, and free what it holds") { run };
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place => await RunAsync(place, await place.FindAsync(result.GetValue(run), token), token)
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(IRunPlace place, TrainingRun run, CancellationToken cancellationToken)
    {
        var name = run.Metadata.Name;
        if (run.Status.IsTerminal())
        {
            throw new UserMistakeException($"run {name} is over ({run.Status.Phase}): there is nothing to suspend");
        }

        var asked = await place.EditAsync(run, s => s with { Suspend = true }, cancellationToken);
        // Ranks have this long to write their checkpoint, and the operator a little to notice that they are gone.
        var patience = run.Spec.Workers.TerminationGracePeriod + TimeSpan.FromMinutes(1);
        var answer = await Answers.AwaitAsync(
            place,
            asked,
            r => r.Status.Phase == RunPhase.Suspended || r.Status.IsTerminal(),
            patience,
            TimeProvider.System,
            cancellationToken
        );
        if (answer is null)
        {
            Console.WriteLine(
                place.IsDriven(asked)
                    ? $"asked; its ranks have not stopped within {Contract.Yaml.Durations.Format(patience)}: "
                        + $"{place.Command} get {name}"
                    : $"run {name} is suspended; {place.Command} resume {name} lets it go on"
            );
            return place.IsDriven(asked) ? (int)ExitCode.Unexpected : (int)ExitCode.Done;
        }

        var newest = CheckpointList.Newest(answer.Status);
        Console.WriteLine(
            $"run {name} is {answer.Status.Phase}"
                + (newest is null ? "" : $" with checkpoint {CheckpointList.Key(newest)}")
        );
        return (int)ExitCode.Done;
    }
}
