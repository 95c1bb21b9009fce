using CodeParrot.Distributed;
using CodeParrot.Training.Recovery;

namespace CodeParrot.Training.Engine;

/// <summary>
/// An attempt on one rank, round for round: when a rank is lost, the others keep what they hold, come together again
/// with its replacement, and go on from the memory of one of them.
/// </summary>
internal sealed class RoundLoop : IDisposable
{
    private readonly RankMemory _memory = new();
    private readonly ProgressReporter _reporter;
    private readonly IProcessGroup _first;
    private readonly CancellationToken _cancellationToken;
    private TrainingContext _context;

    /// <summary>An attempt before its first round.</summary>
    public RoundLoop(TrainingContext context, CancellationToken cancellationToken)
    {
        _context = context;
        _first = context.Group;
        _reporter = new ProgressReporter(context);
        _cancellationToken = cancellationToken;
    }

    /// <summary>Trains to the end, to a stop, or to a failure that is not the loss of another rank.</summary>
    public TrainingResult Run()
    {
        while (true)
        {
            try
            {
                if (RunRound() is { } ended)
                {
                    return ended;
                }
                if (Meet("ranks that were missing are there", lost: null) is { } stopped)
                {
                    return stopped;
                }
            }
            catch (PeerLostException lost) when (_context.Rejoin is not null && !IsOfThisPod(lost))
            {
                if (Meet(TextOf(lost), lost) is { } stopped)
                {
                    return stopped;
                }
            }
        }
    }

    public void Dispose()
    {
        _memory.Dispose();
        if (_context.Group != _first)
        {
            _context.Group.Dispose();
        }
    }

    private TrainingResult? RunRound()
    {
        _reporter.Enter(RankActivity.Starting);
        var start = RunStart.Decide(_context, _memory, _cancellationToken);
        if (start.Stored is { } stored)
        {
            _reporter.Stored(stored);
        }
        if (start.Held is null)
        {
            _memory.Forget();
            var position = start.PositionFor(_context);
            if (position.Step >= _context.Manifest.Spec.Training.MaxSteps)
            {
                _reporter.Known(start.Checkpoint!);
                _reporter.Resume(position);
                _reporter.Enter(RankActivity.Done);
                return TrainingResults.Of(TrainingOutcome.Finished, position, start.Checkpoint!.Reference);
            }
        }
        using var session = new TrainingSession(_context, start, _memory, _reporter, _cancellationToken);
        return session.Run(_cancellationToken);
    }

    // With one rank of a pod the pod ends, and this rank is replaced too.
    private bool IsOfThisPod(PeerLostException lost) =>
        lost.Rank >= 0 && _context.RankOf(lost.Rank) / _context.RanksPerPod == _context.Rank / _context.RanksPerPod;

    // Positions are what a group calls its ranks.
    private string TextOf(PeerLostException lost) =>
        lost.Rank < 0 || _context.RankOf(lost.Rank) == lost.Rank
            ? lost.Message
            : $"{lost.Message} (rank {lost.Rank} of the round is rank {_context.RankOf(lost.Rank)} of the run)";

    /// <summary>
    /// Comes together with the others; returns how the attempt ends where this rank is to stop meanwhile.
    /// </summary>
    private TrainingResult? Meet(string reason, PeerLostException? lost)
    {
        // Whoever still waits for this rank learns of the end of the round now.
        _context.Group.Dispose();
        var step = _memory.WholeStep;
        var holds = step < 0 ? "no whole state" : $"the state of step {step}";
        var message = $"{reason}; holds {holds} in memory and waits for the others";
        Say(message, isWarning: lost is not null);
        _reporter.Enter(RankActivity.Joining, message);
        var asked = _context.Time.GetTimestamp();
        try
        {
            var round = Blocking.Run(() => _context.Rejoin!(step, _cancellationToken));
            _context = _context with
            {
                Group = round.Group,
                Round = round.Number,
                Ranks = round.Ranks,
                StateSource = round.StateSource,
                RegroupWanted = round.HasGuests,
            };
            _reporter.Round(round.Number);
            Say(Describe(round, _context.Time.GetElapsedTime(asked)), isWarning: round.Ranks.Count > 0);
            return null;
        }
        catch (OperationCanceledException) when (!_cancellationToken.IsCancellationRequested)
        {
            return StopAlone(lost ?? new PeerLostException(PeerLostException.Unknown, "a new round", reason));
        }
    }

    private string Describe(JoinedRound round, TimeSpan waited)
    {
        var all = _context.Manifest.Spec.Workers.Count;
        var who =
            round.Ranks.Count > 0
                ? $"ranks {string.Join(", ", round.Ranks)} of {all} go on without the rest"
                : "all ranks are there";
        var from =
            round.StateSource < 0
                ? "none holds the whole state, the newest checkpoint is gone on from"
                : $"goes on at step {round.StateStep} from the memory of rank {_context.RankOf(round.StateSource)}";
        return $"{who} after {waited.TotalSeconds:F1} s, round {round.Number}: {from}";
    }

    private void Say(string message, bool isWarning)
    {
        if (isWarning)
        {
            _context.Observer.Warning(message);
        }
        else
        {
            _context.Observer.Information(message);
        }
    }

    /// <summary>
    /// Stops without the others: rank 0 writes a checkpoint of what it holds, as every rank holds all of it.
    /// </summary>
    /// <exception cref="PeerLostException">This rank has nothing to write, or nobody to write it.</exception>
    private TrainingResult StopAlone(PeerLostException lost)
    {
        if (_memory.Run is not { IsWhole: true, Record: not null, Unfinished: null or { IsRecorded: true } } run)
        {
            throw new PeerLostException(lost.Rank, lost.Operation, $"{lost.Detail}; asked to stop meanwhile", lost);
        }
        _reporter.Enter(RankActivity.Stopping);
        run.Keeper.Leave();
        run.Keeper.KeepAll();
        if (!run.IsAtBegunCheckpoint)
        {
            run.Keeper.Take(run);
        }
        var checkpoint = run.Keeper.Finish();
        _reporter.Enter(RankActivity.Done);
        _context.Observer.Summary(run.Account.Summarise(run.Guard.SkippedSteps));
        return TrainingResults.Of(TrainingOutcome.Stopped, run.Position, checkpoint);
    }
}
