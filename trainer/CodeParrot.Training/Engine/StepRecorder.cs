using CodeParrot.Training.Guards;
using CodeParrot.Training.Metrics;
using CodeParrot.Training.Recovery;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>Tells of each step all who keep account of it: totals, progress, the run's files.</summary>
internal sealed class StepRecorder(TrainingContext context, HeldRun run, ProgressReporter reporter, long tokensPerStep)
{
    /// <summary>Records a step.</summary>
    /// <param name="result">The step.</param>
    /// <param name="duration">Its time by the clock.</param>
    /// <param name="position">How far the run is with it.</param>
    /// <param name="isEvaluated">Whether the held-out loss was measured after it.</param>
    public void Add(in StepResult result, TimeSpan duration, RunPosition position, bool isEvaluated)
    {
        run.Account.Add(result, duration, tokensPerStep);
        reporter.Step(position, FactsOf(result, duration, position));
        if (run.Record is not null || run.Tail is not null)
        {
            var row = RowOf(result, duration, position, isEvaluated);
            run.Record?.Add(row);
            run.Tail?.Add(row);
        }
        run.Account.ClearPause();
    }

    private StepFacts FactsOf(in StepResult result, TimeSpan duration, RunPosition position) =>
        new()
        {
            Step = position.Step,
            Loss = result.Loss,
            GradientNorm = result.GradientNorm,
            LearningRate = result.LearningRate,
            IsSkipped = result.Verdict.Action != StepAction.Update,
            Tokens = tokensPerStep,
            TokensPerSecond = run.Account.TokensPerSecond,
            Mfu = run.Account.Mfu,
            Duration = duration,
            Compute = result.Compute,
            Waiting = result.Waiting,
            DataWait = result.DataWait,
        };

    private MetricsRow RowOf(in StepResult result, TimeSpan duration, RunPosition position, bool isEvaluated) =>
        new()
        {
            Steps = position.Step,
            Samples = position.Samples,
            Tokens = position.Tokens,
            LearningRate = result.LearningRate,
            Loss = result.Loss,
            GradientNorm = result.GradientNorm,
            TokensPerSecond = run.Account.TokensPerSecond,
            Mfu = run.Account.Mfu,
            Time = context.Time.GetUtcNow(),
            EvalLoss = isEvaluated ? position.EvalLoss : null,
            Duration = duration,
            DataWait = result.DataWait,
            CheckpointPause = run.Account.UnreportedPause,
            Goodput = run.Account.Goodput,
            PeakMemoryBytes = run.Account.Memory.HostBytes,
            PeakDeviceMemoryBytes = run.Account.Memory.DeviceBytes,
            Straggler = result.Straggler,
            SkippedSteps = run.Guard.SkippedSteps,
            LossScale = run.Guard.HasLossScale ? run.Guard.LossScale : null,
        };
}
