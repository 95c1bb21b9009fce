using CodeParrot.Training.Guards;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>Does what a guard's verdict asks for beyond leaving the model alone: says it, ends the attempt.</summary>
internal sealed class VerdictActions(TrainingContext context, StepGuard guard, CheckpointKeeper keeper)
{
    /// <summary>Acts on the verdict of a step. All ranks call it after each step.</summary>
    /// <param name="result">The step.</param>
    /// <param name="position">How far the run is with it.</param>
    /// <exception cref="DivergedException">Steps in a row were no numbers, or the last one is.</exception>
    /// <exception cref="LossSpikeException">The run is to go back.</exception>
    public void Act(in StepResult result, RunPosition position)
    {
        var verdict = result.Verdict;
        if (verdict.Problem == StepProblem.None)
        {
            return;
        }
        var what = verdict.Describe(result.Loss, result.GradientNorm);
        var isEnd = position.Step >= context.Manifest.Spec.Training.MaxSteps;
        // Weights that may be broken are no end of a run.
        if (verdict.Action == StepAction.Diverge || (isEnd && !verdict.ProvesWeights))
        {
            throw DivergedException.InSteps(position.Step, guard.BadSteps, result.Loss, result.GradientNorm);
        }
        if (verdict.Action == StepAction.RollBack)
        {
            GoBack(what, position);
            return;
        }
        var isSkipped = verdict.Action == StepAction.Skip;
        Say(
            isRoutine: verdict.Problem == StepProblem.Overflow,
            isSkipped
                ? $"step {position.Step} is skipped: {what} ({guard.SkippedSteps} skipped in all)"
                : $"step {position.Step}: {what}"
        );
    }

    private void GoBack(string what, RunPosition position)
    {
        var checkpoint = keeper.Finish();
        if (checkpoint.Length > 0)
        {
            var skip = position.DataStep - (keeper.Known.Begun?.DataStep ?? 0);
            throw new LossSpikeException(what, position.Step, checkpoint, skip);
        }
        guard.AcceptLevel();
        Say(isRoutine: false, $"step {position.Step} is skipped: {what}; there is no checkpoint yet to go back to");
    }

    private void Say(bool isRoutine, string message)
    {
        if (context.Group.Rank != 0)
        {
            return;
        }
        if (isRoutine)
        {
            context.Observer.Information(message);
        }
        else
        {
            context.Observer.Warning(message);
        }
    }
}
