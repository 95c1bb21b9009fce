using System.CommandLine;
using CodeParrot.Api.Names;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Completion;
using CodeParrot.Cli.Places;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Commands;

/// <summary><c>rollback --to-step N [run]</c>: go on from an earlier checkpoint, on a new branch.</summary>
internal static class RollbackCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Command Create(PlaceOpener opener)
    {
        var run = CommandHost.RunArgument(opener);
        var step = new Option<long>("--to-step") { Description = "Step of a complete checkpoint", Required = true };
        step.CompletionSources.Add(context => PlaceNames.OfSteps(opener, context.ParseResult));
        var skip = new Option<int>("--skip-steps") { Description = "Steps of data to leave out after it" };
        var command = new Command("rollback", "Go back to a checkpoint; nothing is deleted") { run, step, skip };
        command.Validators.Add(result =>
        {
            if (result.GetValue(skip) < 0)
            {
                result.AddError("--skip-steps must be at least 0");
            }
        });
        command.SetAction(
            (result, token) =>
                CommandHost.RunAsync(
                    result,
                    opener,
                    async place =>
                    {
                        var wanted = new RollbackSpec
                        {
                            ToStep = result.GetRequiredValue(step),
                            SkipSteps = result.GetValue(skip),
                            Nonce = Guid.NewGuid().ToString("N")[..8],
                        };
                        var found = await place.FindAsync(result.GetValue(run), token);
                        return await RunAsync(place, found, wanted, token);
                    }
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        IRunPlace place,
        TrainingRun run,
        RollbackSpec wanted,
        CancellationToken cancellationToken
    )
    {
        var asked = await place.RollbackAsync(run, wanted, cancellationToken);
        var answer = await Answers.AwaitAsync(
            place,
            asked,
            r => r.Status.Rollback is { } decided && decided.Value == wanted,
            Patience,
            TimeProvider.System,
            cancellationToken
        );
        var name = run.Metadata.Name;
        if (answer?.Status.Rollback is not { } rollback)
        {
            Console.WriteLine(
                place.IsDriven(asked)
                    ? $"asked; nobody has acted on it yet: {place.Command} get {name}"
                    : $"run {name} goes on from step {wanted.ToStep} with the next codeparrot run, or resume"
            );
            return (int)ExitCode.Done;
        }

        if (rollback.Attempt == 0)
        {
            var why = answer.Status.Condition(ConditionTypes.RolledBack)?.Message ?? rollback.Result;
            throw new UserMistakeException($"run {name} was not rolled back: {why}");
        }

        Console.WriteLine(
            $"run {name} goes on from {answer.Status.StartFrom?.Checkpoint} on branch {answer.Status.Branch}, "
                + $"attempt {rollback.Attempt}"
        );
        return (int)ExitCode.Done;
    }

    /// <summary>
    /// Asks for a rollback, with the store's checkpoints in the status for the planner to choose from.
    /// </summary>
    /// <exception cref="UserMistakeException">No complete checkpoint has that step.</exception>
    public static TrainingRun Apply(TrainingRun run, IReadOnlyList<CheckpointSummary> known, RollbackSpec wanted)
    {
        RequireStep(known, wanted.ToStep);
        // The target is put in last of all, so that the list's bound never leaves out the one that is asked for.
        var there = CheckpointList.There(run.Status.Checkpoints, known);
        var others = CheckpointList.Merge(there, known).Where(c => c.Step != wanted.ToStep);
        var merged = CheckpointList.Merge(
            others.Take(CheckpointList.MaxNewest - 1),
            known.Where(c => c.Step == wanted.ToStep)
        );
        return run with
        {
            Spec = run.Spec with { Rollback = wanted },
            Status = run.Status with { Checkpoints = merged },
        };
    }

    /// <summary>Makes sure that there is something to go back to.</summary>
    /// <exception cref="UserMistakeException">No complete checkpoint has that step.</exception>
    public static void RequireStep(IReadOnlyList<CheckpointSummary> known, long step)
    {
        if (known.All(c => c.Step != step))
        {
            var steps = string.Join(", ", known.Select(c => c.Step).Distinct().Order());
            throw new UserMistakeException(
                $"no complete checkpoint of step {step}; "
                    + (steps.Length == 0 ? "there is none yet" : "there are those of steps " + steps)
            );
        }
    }
}
