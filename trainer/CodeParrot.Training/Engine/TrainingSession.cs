using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Nccl;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Data;
using CodeParrot.Training.HeldOut;
using CodeParrot.Training.Objectives;
using CodeParrot.Training.Recovery;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>One rank's part in a round, from its first step to its last, on the run that the rank holds.</summary>
internal sealed class TrainingSession : IDisposable
{
    // Disposed last in, first out.
    private readonly Stack<IDisposable> _owned = new();
    private readonly TrainingContext _context;
    private readonly ProgressReporter _reporter;
    private readonly StepPlan _plan;
    private readonly HeldRun _run;
    private readonly TrainingData _data;
    private readonly ParameterUpdate _update;
    private readonly StepRunner _runner;
    private readonly HeldOutLoss _heldOut;
    private readonly VerdictActions _verdicts;
    private readonly StepRecorder _recorder;
    private readonly long _tokensPerStep;
    private readonly bool _owesThisStep;
    private bool _isTransportKnown;

    /// <summary>
    /// Opens the corpus and loads the model, unless they are in memory, and takes over the round's state.
    /// </summary>
    public TrainingSession(
        TrainingContext context,
        RunStart start,
        RankMemory memory,
        ProgressReporter reporter,
        CancellationToken cancellationToken
    )
    {
        var asked = context.Manifest.Spec;
        // What is computed, which on some processors is not what was asked for.
        var spec = asked with
        {
            Training = asked.Training with { Precision = start.Precision },
        };
        _context = context;
        _reporter = reporter;
        _plan = StepPlan.Of(spec);
        Precisions.AllowTf32(spec.Training.Tf32);
        try
        {
            var corpus = memory.Corpus ??= RunCorpus.Open(context, cancellationToken);
            var exchange = RankExchange.Of(context);
            if (exchange is IDisposable connected)
            {
                Own(connected);
            }
            var isNew = memory.Run is null;
            _run = memory.Run ??= RunLoader.Load(context, spec, start, memory, reporter, cancellationToken);
            var model = _run.Model;
            var sharding = new Sharding(spec.Training, model, context.Group);
            _run.Fit(sharding, context.Group.WorldSize);
            var optimiser = _run.Optimiser;
            _run.Keeper.Join(context.Group, new MomentGather(optimiser, sharding, context.Group.Rank, exchange));
            if (start.Held is { } held)
            {
                new StateTransfer(exchange, context.Group.Rank, context.StateSource).Run(_run, held);
                _run.Keeper.Adopt(start.Known);
                // Begun by a rank 0 that did not live to complete it.
                var owes = held.Checkpoints.BegunStep > start.Known.BegunStep;
                _run.IsCheckpointLate |= owes;
                _owesThisStep = owes && held.Unfinished is null && held.Checkpoints.BegunStep == held.Position.Step;
            }
            _run.IsWhole = !sharding.IsSharded;
            _run.OpenRecord(context, start);

            var objective = ObjectiveChoice.Of(spec.Training.Objective, model.Config.ContextLength, corpus.Manifest);
            _data = TrainingData.Open(context, corpus, objective.SourceTokens, _plan, _run.Stream);
            _tokensPerStep = _plan.SamplesPerStep * objective.SourceTokens;
            var feed = Own(RankFeed.Open(context, _plan, spec, _data, objective));
            // Disposed before the feed, whose thread may be waiting for it.
            Own(_data);
            _update = Own(new ParameterUpdate(model, optimiser, sharding, context.Group, exchange));
            reporter.Attach(_run.Account, _run.Guard);
            _runner = Own(new StepRunner(spec, model, _update, context.Group, feed, _run.Guard, context.Time));
            _heldOut = HeldOutOf(corpus.Validation, objective, spec);
            _verdicts = new VerdictActions(context, _run.Guard, _run.Keeper);
            _recorder = new StepRecorder(context, _run, reporter, _tokensPerStep);
            if (isNew)
            {
                Announce(start, _data.Description);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private int MaxSteps => _context.Manifest.Spec.Training.MaxSteps;

    /// <summary>Trains to the end, to a stop, or until the ranks are to come together anew.</summary>
    /// <returns>How the attempt ended; null if it goes on in another round.</returns>
    /// <exception cref="PeerLostException">
    /// A rank was lost; the run in memory is whole, or says that it is not.
    /// </exception>
    public TrainingResult? Run(CancellationToken cancellationToken)
    {
        try
        {
            return Train(cancellationToken);
        }
        finally
        {
            _run.IsWhole &= !_update.IsTorn;
            NotePlace();
            _reporter.Flush();
        }
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var resource))
        {
            resource.Dispose();
        }
    }

    private TrainingResult? Train(CancellationToken cancellationToken)
    {
        _reporter.Resume(_run.Position);
        _reporter.Enter(RankActivity.Training);
        if (_owesThisStep)
        {
            TakeCheckpoint(isStop: false);
        }
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = _run.Unfinished ?? RunStep();
            if (FinishStep(step) is { } outcome)
            {
                return End(outcome);
            }
            _run.Unfinished = null;
            if (step.Result.RegroupWanted)
            {
                return null;
            }
        }
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    private HeldOutLoss HeldOutOf(TokenSplit validation, IObjective objective, RunSpec spec)
    {
        var batchSize = spec.Training.BatchSize;
        var reader = Own(new BatchReader(validation, objective, batchSize, _context.Device));
        var batches = new HeldOutBatches(reader, batchSize, spec.Evaluation.MaxSteps);
        return new HeldOutLoss(_run.Model, _context.Group, batches, Precisions.Of(spec.Training.Precision));
    }

    // From the update on the step is done, whatever becomes of what follows on it.
    private UnfinishedStep RunStep()
    {
        var start = _context.Time.GetTimestamp();
        var position = _run.Position;
        var result = _runner.Run(
            position.Step,
            position.DataStep,
            _context.StopRequested,
            _run.Keeper.IsRequested,
            _context.RegroupWanted
        );
        var duration = _context.Time.GetElapsedTime(start);
        _run.Position = position with
        {
            Step = position.Step + 1,
            DataStep = position.DataStep + 1,
            Samples = position.Samples + _plan.SamplesPerStep,
            Tokens = position.Tokens + _tokensPerStep,
            Loss = double.IsFinite(result.Loss) ? result.Loss : position.Loss,
        };
        var step = new UnfinishedStep
        {
            Result = result with
            {
                Straggler = result.Straggler is { } slow ? slow with { Rank = _context.RankOf(slow.Rank) } : null,
            },
            Duration = duration,
            IsRecorded = false,
        };
        _run.Unfinished = step;
        return step;
    }

    /// <summary>Does what follows on an update; returns how the attempt ends with it, null if it goes on.</summary>
    private TrainingOutcome? FinishStep(UnfinishedStep step)
    {
        var result = step.Result;
        if (!step.IsRecorded)
        {
            _verdicts.Act(result, _run.Position);
            NoteTransport();
            var isEvaluated = EvaluateIfDue();
            _recorder.Add(result, step.Duration, _run.Position, isEvaluated);
            _run.Unfinished = step with { IsRecorded = true };
        }
        _run.Keeper.Collect();
        var isLast = _run.Position.Step >= MaxSteps;
        var isStop = result.StopWanted && !isLast;
        if (isStop)
        {
            _run.Keeper.KeepAll();
        }
        // What nobody holds whole is to be in the store before the ranks come together anew.
        var isNeeded = result.RegroupWanted && !_run.IsWhole;
        var isDue = isLast || result.StopWanted || result.CheckpointWanted || isNeeded || IsCheckpointDue();
        _run.IsCheckpointLate |= isDue && !_run.IsAtBegunCheckpoint;
        // Weights whose loss is no number are not kept: the checkpoint waits for a step that is one.
        if (_run.IsCheckpointLate && result.Verdict.ProvesWeights)
        {
            TakeCheckpoint(isStop);
        }
        return isLast ? TrainingOutcome.Finished
            : result.StopWanted ? TrainingOutcome.Stopped
            : null;
    }

    private void TakeCheckpoint(bool isStop)
    {
        _reporter.Enter(isStop ? RankActivity.Stopping : RankActivity.Checkpointing);
        var asked = _context.Time.GetTimestamp();
        NotePlace();
        _run.Keeper.Take(_run);
        _run.IsCheckpointLate = false;
        _run.Account.AddPause(_context.Time.GetElapsedTime(asked));
        _reporter.Enter(RankActivity.Training);
    }

    // For a checkpoint, and for the next round.
    private void NotePlace() => _run.Stream = _data.StateAt(_run.Position.DataStep);

    // NCCL connects when it is first used: the first step of an attempt shows the ways that it chose.
    private void NoteTransport()
    {
        if (!_isTransportKnown && _context.Group.WorldSize > 1)
        {
            _reporter.Network(_context.CudaDevice is null ? "tcp" : NcclTransport.OfFile(_context.NcclLog));
        }
        _isTransportKnown = true;
    }

    private bool EvaluateIfDue()
    {
        var step = _run.Position.Step;
        if (_run.Position.EvalStep == step)
        {
            return true;
        }
        var everySteps = _context.Manifest.Spec.Evaluation.EverySteps;
        var isDue = step >= MaxSteps || (everySteps > 0 && step % everySteps == 0);
        if (!isDue || !_heldOut.IsAvailable)
        {
            return false;
        }
        _reporter.Enter(RankActivity.Evaluating);
        var loss = _heldOut.Measure();
        if (!double.IsFinite(loss))
        {
            throw DivergedException.InEvaluation(step, loss);
        }
        _run.Position = _run.Position with { EvalLoss = loss, EvalStep = step };
        _reporter.Enter(RankActivity.Training);
        return true;
    }

    private bool IsCheckpointDue() => _run.Position.Step % _context.Manifest.Spec.Checkpoints.EverySteps == 0;

    private TrainingResult End(TrainingOutcome outcome)
    {
        _reporter.Enter(outcome == TrainingOutcome.Stopped ? RankActivity.Stopping : RankActivity.Checkpointing);
        var checkpoint = _run.Keeper.Finish();
        _reporter.Enter(RankActivity.Done);
        _context.Observer.Summary(_run.Account.Summarise(_run.Guard.SkippedSteps));
        return TrainingResults.Of(outcome, _run.Position, checkpoint);
    }

    private void Announce(RunStart start, string sequences)
    {
        var announcement = new StartAnnouncement(_context, start, _run.Model);
        announcement.Make(_plan, sequences, _run.Peak, _heldOut.IsAvailable);
        if (start.Checkpoint is { } known && _context.Group.Rank == 0)
        {
            _reporter.Known(known);
        }
    }
}
