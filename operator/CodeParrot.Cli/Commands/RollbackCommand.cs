using System.CommandLine;
using CodeParrot.Api.Resources;
using CodeParrot.Cli.Hosting;
using CodeParrot.Cli.State;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Spec;
using CodeParrot.Operator.Core.Progress;

namespace CodeParrot.Cli.Commands;

/// <summary><c>codeparrot rollback --to-step N [run]</c>: go on from an earlier checkpoint, on a new branch.</summary>
internal static class RollbackCommand
{
    public static Command Create()
    {
        var run = CommandHost.RunArgument();
        var step = new Option<long>("--to-step") { Description = "Step of a complete checkpoint", Required = true };
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
                CommandHost.RunAsync(async () =>
                {
                    var state = new StateFolder(result.GetRequiredValue(CommandHost.State));
                    var key = state.Find(result.GetValue(run));
                    var known = await new RunStore(state, key, CommandHost.Trainer).ListAsync(token);
                    var wanted = new RollbackSpec
                    {
                        ToStep = result.GetRequiredValue(step),
                        SkipSteps = result.GetValue(skip),
                        Nonce = Guid.NewGuid().ToString("N")[..8],
                    };
                    state.File(key).Update(r => Apply(r!, known, wanted));
                    Console.WriteLine(
                        $"run {key.Name} goes on from step {wanted.ToStep} with the running, or the next, "
                            + "codeparrot run"
                    );
                    return 0;
                })
        );
        return command;
    }

    /// <summary>
    /// Asks for a rollback, with the store's checkpoints in the status for the planner to choose from.
    /// </summary>
    /// <exception cref="UserMistakeException">No complete checkpoint has that step.</exception>
    public static TrainingRun Apply(TrainingRun run, IReadOnlyList<CheckpointSummary> known, RollbackSpec wanted)
    {
        if (known.All(c => c.Step != wanted.ToStep))
        {
            var steps = string.Join(", ", known.Select(c => c.Step).Distinct().Order());
            throw new UserMistakeException(
                $"no complete checkpoint of step {wanted.ToStep}; "
                    + (steps.Length == 0 ? "there is none yet" : "there are those of steps " + steps)
            );
        }

        // The target is put in last of all, so that the list's bound never leaves out the one that is asked for.
        var others = CheckpointList.Merge(run.Status.Checkpoints, known).Where(c => c.Step != wanted.ToStep);
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
}
