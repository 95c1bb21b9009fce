using CodeParrot.Checkpoints;
using CodeParrot.Contract.Runtime;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Guards;
using CodeParrot.Training.HeldOut;

namespace CodeParrot.Training.Engine;

/// <summary>Keeps what is known of the run's progress, and tells the observer.</summary>
internal sealed class ProgressReporter(TrainingContext context)
{
    // Progress is for people and operators: steps of milliseconds need not each make a record of it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private RunProgress _progress = new()
    {
        RunUid = context.RunUid,
        Attempt = context.Attempt,
        Stage = StageNames.Train,
        MaxSteps = context.Manifest.Spec.Training.MaxSteps,
        Round = context.Group.WorldSize > 1 ? context.Round : null,
    };
    private RankActivity _state = RankActivity.Starting;
    private RunPosition _position = RunPosition.Start;
    private StepFacts _facts;
    private SortedSet<string>? _stored;
    private RunAccount? _account;
    private StepGuard? _guard;
    private long _publishedAt;
    private bool _isStale;

    /// <summary>Gives the sources of figures, once there is a model.</summary>
    public void Attach(RunAccount account, StepGuard guard) => (_account, _guard) = (account, guard);

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
        _position = position;
        Publish();
    }

    /// <summary>Tells of a finished step.</summary>
    public void Step(RunPosition position, in StepFacts facts)
    {
        _position = position;
        _facts = facts;
        _isStale = true;
        context.Observer.StepFinished(facts);
        if (context.Time.GetElapsedTime(_publishedAt) >= Pause)
        {
            Publish();
        }
    }

    /// <summary>Tells what the last pause held back: the attempt ends here, well or not.</summary>
    public void Flush()
    {
        if (_isStale)
        {
            Publish();
        }
    }

    /// <summary>Tells that the ranks have come together again.</summary>
    public void Round(int number) => _progress = _progress with { Round = number };

    /// <summary>Tells how the ranks exchange gradients.</summary>
    public void Network(string transport) => _progress = _progress with { Transport = transport };

    /// <summary>Tells of a durable checkpoint, and of what was deleted behind it.</summary>
    public void Committed(PublishedCheckpoint published)
    {
        var checkpoint = published.Entry;
        _stored?.ExceptWith(published.Deleted.Select(e => e.Reference));
        _stored?.Add(checkpoint.Reference);
        TellStored();
        Known(checkpoint);
        context.Observer.CheckpointCommitted(checkpoint.Summary);
        Publish();
    }

    /// <summary>Notes which checkpoints of the run the store holds; from here on it is kept true (rank 0).</summary>
    public void Stored(IEnumerable<string> references)
    {
        _stored = new SortedSet<string>(references, StringComparer.Ordinal);
        TellStored();
    }

    /// <summary>Notes a checkpoint that was there before.</summary>
    public void Known(CheckpointEntry checkpoint) =>
        _progress = _progress with
        {
            Checkpoint = checkpoint.Summary,
            ServedRequest = checkpoint.Manifest.ServedRequest,
        };

    private void TellStored() =>
        _progress = _progress with { Stored = _stored is { Count: <= RunProgress.MaxStored } all ? [.. all] : null };

    private void Publish()
    {
        var now = context.Time.GetUtcNow();
        _publishedAt = context.Time.GetTimestamp();
        var rank = new RankProgress(context.Rank, _state.ToString(), _position.Step, _facts.Compute.TotalSeconds, now);
        _progress = _progress with
        {
            Step = _position.Step,
            Samples = _position.Samples,
            Tokens = _position.Tokens,
            Loss = _position.Loss,
            EvalLoss = _position.EvalLoss,
            Perplexity = Perplexity.Of(_position.EvalLoss),
            Ranks = [rank],
            UpdatedAt = now,
        };
        if (_account is not null && _guard is not null && _isStale)
        {
            _progress = WithFigures(_account, _guard);
            _isStale = false;
        }
        context.Observer.Progress(_progress);
    }

    private RunProgress WithFigures(RunAccount account, StepGuard guard) =>
        _progress with
        {
            LearningRate = _facts.LearningRate,
            GradientNorm = double.IsFinite(_facts.GradientNorm) ? _facts.GradientNorm : null,
            TokensPerSecond = account.TokensPerSecond,
            Mfu = account.Mfu,
            DataWait = account.DataWait,
            CheckpointPauseSeconds = account.CheckpointPause?.TotalSeconds,
            Goodput = account.Goodput,
            PeakMemoryBytes = account.Memory.HostBytes,
            PeakDeviceMemoryBytes = account.Memory.DeviceBytes,
            SkippedSteps = guard.SkippedSteps,
            LossScale = guard.HasLossScale ? guard.LossScale : null,
            StragglerRank = account.Straggler?.Rank,
            StragglerRatio = account.Straggler?.Ratio,
            EtaSeconds = (_progress.MaxSteps - _position.Step) * account.SecondsPerStep,
        };
}
