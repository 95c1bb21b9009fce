using CodeParrot.Training.Accounting;
using CodeParrot.Training.Guards;
using CodeParrot.Training.Metrics;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>Tells of each step all who keep account of it: totals, progress, the run's files.</summary>
internal sealed class StepRecorder(
    TrainingContext context,
    RunAccount account,
    StepGuard guard,
    ProgressReporter reporter,
    RunRecord? record,
    long tokensPerStep
)
{
    /// <summary>Records a step.</summary>
    /// <param name="result">The step.</param>
    /// <param name="duration">Its time by the clock.</param>
    /// <param name="position">How far the run is with it.</param>
    /// <param name="isEvaluated">Whether the held-out loss was measured after it.</param>
    public void Add(in StepResult result, TimeSpan duration, RunPosition position, bool isEvaluated)
    {
        account.Add(result, duration, tokensPerStep);
        reporter.Step(position, FactsOf(result, duration, position));
        record?.Add(RowOf(result, duration, position, isEvaluated));
        account.ClearPause();
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
            TokensPerSecond = account.TokensPerSecond,
            Mfu = account.Mfu,
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
            TokensPerSecond = account.TokensPerSecond,
            Mfu = account.Mfu,
            Time = context.Time.GetUtcNow(),
            EvalLoss = isEvaluated ? position.EvalLoss : null,
            Duration = duration,
            DataWait = result.DataWait,
            CheckpointPause = account.UnreportedPause,
            Goodput = account.Goodput,
            PeakMemoryBytes = account.Memory.HostBytes,
            PeakDeviceMemoryBytes = account.Memory.DeviceBytes,
            Straggler = result.Straggler,
            SkippedSteps = guard.SkippedSteps,
            LossScale = guard.HasLossScale ? guard.LossScale : null,
        };
}
