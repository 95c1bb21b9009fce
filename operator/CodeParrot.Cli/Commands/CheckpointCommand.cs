using System.CommandLine;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Api.Status;
using CodeParrot.Cli.Places;
using CodeParrot.Contract.Runtime;

namespace CodeParrot.Cli.Commands;

/// <summary><c>checkpoint now [run]</c>: a checkpoint after the step that is under way.</summary>
internal static class CheckpointCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var now = new Command("now", "Write a checkpoint after the step that is under way, and wait for it") { run };
        now.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place => await RunAsync(place, await place.FindAsync(result.GetValue(run), token), token)
                )
        );
        return new Command("checkpoint", "Ask for a checkpoint") { now };
    }

    private static async Task<int> RunAsync(IRunPlace place, TrainingRun run, CancellationToken cancellationToken)
    {
        var name = run.Metadata.Name;
        if (run.Status.Phase != RunPhase.Running || !place.IsDriven(run))
        {
            throw new UserMistakeException(
                $"run {name} is not training ({run.Status.Phase}): a checkpoint is written while it does"
            );
        }

        var nonce = Guid.NewGuid().ToString("N")[..8];
        var asked = await place.EditAsync(
            run,
            s => s with { Checkpoints = s.Checkpoints with { RequestNonce = nonce } },
            cancellationToken
        );
        var answer = await Answers.AwaitAsync(
            place,
            asked,
            r => r.Status.CheckpointRequest is { } served && served.Nonce == nonce,
            Patience,
            TimeProvider.System,
            cancellationToken
        );
        if (answer?.Status.CheckpointRequest is not { } request)
        {
            throw new UserMistakeException($"no checkpoint has come yet; {place.Command} checkpoints {name} shows it");
        }

        if (request.Result != ConditionReasons.CheckpointTaken)
        {
            throw new UserMistakeException(
                $"training has ended meanwhile; the newest checkpoint is {request.Checkpoint}"
            );
        }

        Console.WriteLine($"checkpoint {request.Checkpoint}: {place.FolderOf(asked, request.Checkpoint)}");
        return (int)ExitCode.Done;
    }
}
