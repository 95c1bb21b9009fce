using System.Globalization;
using CodeParrot.Contract.Runtime;
using CodeParrot.Trainer.Hosting;
using CodeParrot.Training;

namespace CodeParrot.Trainer.Stages;

/// <summary>Passes on what the engine tells: to the progress file, and in calm lines to the log.</summary>
internal sealed class TrainObserver(StageContext context) : ITrainingObserver
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private readonly List<CheckpointSummary> _checkpoints = [];
    private DateTimeOffset _saidAt;
    private RunProgress _last = new()
    {
        RunUid = context.RunUid,
        Attempt = context.Environment.Attempt,
        Stage = StageNames.Train,
        MaxSteps = context.Spec.Training.MaxSteps,
    };

    /// <summary>Checkpoints committed by this attempt, newest first.</summary>
    public IReadOnlyList<CheckpointSummary> Checkpoints
    {
        get
        {
            lock (_checkpoints)
            {
                return [.. _checkpoints];
            }
        }
    }

    /// <summary>What the attempt came to; null before it has ended well.</summary>
    public AttemptSummary? AttemptSummary { get; private set; }

    /// <summary>Shows a state that the engine does not know of.</summary>
    public void Show(string state, bool now)
    {
        var rank = new RankProgress(context.Environment.Rank, state, _last.Step, 0, context.Time.GetUtcNow());
        context.Progress.Show(_last with { Ranks = [rank], Message = state.ToLowerInvariant() }, now);
    }

    /// <inheritdoc/>
    public void Progress(RunProgress progress)
    {
        var changed = State(progress) != State(_last);
        _last = progress;
        context.Progress.Show(progress, now: changed);
    }

    /// <inheritdoc/>
    public void Information(string message) => context.Log.Say(message);

    /// <inheritdoc/>
    public void Warning(string message) => context.Log.Warn(message);

    /// <inheritdoc/>
    public void StepFinished(in StepFacts facts)
    {
        var now = context.Time.GetUtcNow();
        if (now - _saidAt < Calm && facts.Step < context.Spec.Training.MaxSteps)
        {
            return;
        }

        _saidAt = now;
        context.Log.StepFinished(
            facts.Step,
            context.Spec.Training.MaxSteps,
            facts.Loss,
            facts.LearningRate,
            facts.GradientNorm,
            facts.TokensPerSecond,
            facts.Mfu is { } mfu ? mfu.ToString("P1", CultureInfo.InvariantCulture) : "unknown"
        );
    }

    /// <inheritdoc/>
    public void Summary(AttemptSummary summary)
    {
        AttemptSummary = summary;
        foreach (var line in SummaryTable.Of(summary))
        {
            context.Log.Say(line);
        }
    }

    /// <inheritdoc/>
    public void CheckpointCommitted(CheckpointSummary checkpoint)
    {
        lock (_checkpoints)
        {
            _checkpoints.Insert(0, checkpoint);
        }

        context.Log.CheckpointCommitted(checkpoint.Branch, checkpoint.Name, checkpoint.Bytes);
    }

    private static string? State(RunProgress progress) => progress.Ranks.Count > 0 ? progress.Ranks[0].State : null;
}
