using CodeParrot.Contract.Runtime;
using CodeParrot.Training.HeldOut;

namespace CodeParrot.Training.Engine;

/// <summary>Keeps what is known of the run's progress, and tells the observer.</summary>
internal sealed class ProgressReporter(TrainingContext context)
{
    // Long enough to smooth steps of different length, short enough to show a change within a few of them.
    private const int WindowSteps = 20;

    private readonly Queue<(TimeSpan Duration, long Tokens)> _window = new();
    private RunProgress _progress = new()
    {
        RunUid = context.RunUid,
        Attempt = context.Attempt,
        Stage = StageNames.Train,
        MaxSteps = context.Manifest.Spec.Training.MaxSteps,
    };
    private RankActivity _state = RankActivity.Starting;
    private double _stepSeconds;

    /// <summary>Gets tokens a second over the last steps, all ranks; 0 before the first.</summary>
    public double TokensPerSecond =>
        _window.Count == 0 ? 0 : _window.Sum(s => s.Tokens) / _window.Sum(s => s.Duration.TotalSeconds);

    /// <summary>Tells that the rank does something else now.</summary>
    public void Enter(RankActivity state, string message = "")
    {
        _state = state;
        _progress = _progress with { Message = message };
        Publish();
    }

    /// <summary>Tells where training goes on from.</summary>
    public void Resume(RunPosition position)
    {
        _progress = At(position);
        Publish();
    }

    /// <summary>Tells of a finished step.</summary>
    public void Step(RunPosition position, StepFacts facts)
    {
        _window.Enqueue((facts.Duration, facts.Tokens));
        if (_window.Count > WindowSteps)
        {
            _window.Dequeue();
        }
        _stepSeconds = facts.Compute.TotalSeconds;
        var secondsPerStep = _window.Average(s => s.Duration.TotalSeconds);
        _progress = At(position) with
        {
            LearningRate = facts.LearningRate,
            TokensPerSecond = TokensPerSecond,
            EtaSeconds = (_progress.MaxSteps - position.Step) * secondsPerStep,
        };
        context.Observer.StepFinished(facts);
        Publish();
    }

    /// <summary>Tells how the ranks exchange gradients.</summary>
    public void Network(string transport) => _progress = _progress with { Transport = transport };

    /// <summary>Tells of a durable checkpoint.</summary>
    public void Committed(CheckpointSummary checkpoint)
    {
        Known(checkpoint);
        context.Observer.CheckpointCommitted(checkpoint);
        Publish();
    }

    /// <summary>Notes a checkpoint that was there before.</summary>
    public void Known(CheckpointSummary checkpoint) => _progress = _progress with { Checkpoint = checkpoint };

    private RunProgress At(RunPosition position) =>
        _progress with
        {
            Step = position.Step,
            Samples = position.Samples,
            Tokens = position.Tokens,
            Loss = position.Loss,
            EvalLoss = position.EvalLoss,
            Perplexity = Perplexity.Of(position.EvalLoss),
        };

    private void Publish()
    {
        var now = context.Time.GetUtcNow();
        var rank = new RankProgress(context.Group.Rank, _state.ToString(), _progress.Step, _stepSeconds, now);
        _progress = _progress with { Ranks = [rank], UpdatedAt = now };
        context.Observer.Progress(_progress);
    }
}
