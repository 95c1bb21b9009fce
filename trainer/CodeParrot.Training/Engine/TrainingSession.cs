using CodeParrot.Contract.Spec;
using CodeParrot.Corpus.Tokens;
using CodeParrot.Distributed;
using CodeParrot.Distributed.Cuda;
using CodeParrot.Distributed.Nccl;
using CodeParrot.Model;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Data;
using CodeParrot.Training.Guards;
using CodeParrot.Training.HeldOut;
using CodeParrot.Training.Objectives;
using CodeParrot.Training.Stepping;

namespace CodeParrot.Training.Engine;

/// <summary>One rank's attempt, from its first step to its last.</summary>
internal sealed class TrainingSession : IDisposable
{
    // Disposed last in, first out: uploads end before the memory they read is freed.
    private readonly Stack<IDisposable> _owned = new();
    private readonly TrainingContext _context;
    private readonly ProgressReporter _reporter;
    private readonly StepPlan _plan;
    private readonly Gpt2 _model;
    private readonly StepGuard _guard;
    private readonly RunAccount _account;
    private readonly StepRunner _runner;
    private readonly HeldOutLoss _heldOut;
    private readonly CheckpointKeeper _keeper;
    private readonly VerdictActions _verdicts;
    private readonly RunRecord? _record;
    private readonly StepRecorder _recorder;
    private readonly long _tokensPerStep;
    private RunPosition _position;
    private bool _isCheckpointLate;
    private bool _isTransportKnown;

    /// <summary>Opens the corpus and loads the model.</summary>
    public TrainingSession(
        TrainingContext context,
        RunStart start,
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
            var corpus = Own(RunCorpus.Open(context, cancellationToken));
            var loader = new ModelLoader(context, corpus.Manifest, cancellationToken);
            var (model, optimiser, sharding, state) = loader.Load(start);
            _model = Own(model);
            Own(optimiser);
            var tokenizer = context.Group.Rank == 0 ? loader.LoadTokenizer() : [];

            var objective = ObjectiveChoice.Of(spec.Training.Objective, model.Config.ContextLength, corpus.Manifest);
            var data = TrainingData.Open(context, corpus, objective.SourceTokens, _plan, state?.Stream);
            _tokensPerStep = _plan.SamplesPerStep * objective.SourceTokens;
            _position = start.PositionFor(context);
            var feed = Own(FeedOf(data, objective, spec));
            // Disposed before the feed, whose thread may be waiting for it.
            Own(data);
            var exchange = ExchangeOf(context);
            var update = Own(new ParameterUpdate(model, optimiser, sharding, context.Group, exchange));
            _guard = new StepGuard(spec.Training.Guards, spec.Training.Precision);
            if (state?.Guard is { } remembered)
            {
                _guard.Restore(remembered);
            }
            var peak = PeakRate.Of(model.Parameters.device, spec.Training.Precision);
            _account = new RunAccount(model, peak, context.Group.WorldSize, state?.Account, context.Time);
            reporter.Attach(_account, _guard);
            _runner = new StepRunner(spec, model, update, context.Group, feed, _guard, context.Time);
            _heldOut = HeldOutOf(corpus.Validation, objective, spec);
            var moments = new MomentGather(optimiser, sharding, context.Group.Rank, exchange);
            _keeper = Own(
                new CheckpointKeeper(
                    context,
                    start,
                    model,
                    moments,
                    _guard,
                    _account,
                    data,
                    tokenizer,
                    reporter,
                    cancellationToken
                )
            );
            _verdicts = new VerdictActions(context, _guard, _keeper);
            _record = context.Group.Rank == 0 ? Own(RunRecord.Open(context, start.Run, _position)) : null;
            _recorder = new StepRecorder(context, _account, _guard, reporter, _record, _tokensPerStep);
            new StartAnnouncement(context, start, model).Make(_plan, data.Description, peak, _heldOut.IsAvailable);
            if (start.Checkpoint is { } known && context.Group.Rank == 0)
            {
                reporter.Known(known);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private int MaxSteps => _context.Manifest.Spec.Training.MaxSteps;

    /// <summary>Trains to the end or to a stop.</summary>
    public TrainingResult Run(CancellationToken cancellationToken)
    {
        try
        {
            return Train(cancellationToken);
        }
        finally
        {
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

    private TrainingResult Train(CancellationToken cancellationToken)
    {
        _reporter.Resume(_position);
        _reporter.Enter(RankActivity.Training);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = RunStep();
            _keeper.Collect();
            var isLast = _position.Step >= MaxSteps;
            _isCheckpointLate |= isLast || result.StopWanted || result.CheckpointWanted || IsCheckpointDue();
            // Weights whose loss is no number are not kept: the checkpoint waits for a step that is one.
            if (_isCheckpointLate && result.Verdict.ProvesWeights)
            {
                _isCheckpointLate = false;
                var isStop = result.StopWanted && !isLast;
                _reporter.Enter(isStop ? RankActivity.Stopping : RankActivity.Checkpointing);
                var asked = _context.Time.GetTimestamp();
                _keeper.Take(_position, _record, isStop);
                _account.AddPause(_context.Time.GetElapsedTime(asked));
                _reporter.Enter(RankActivity.Training);
            }
            if (isLast || result.StopWanted)
            {
                return End(isLast ? TrainingOutcome.Finished : TrainingOutcome.Stopped);
            }
        }
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    // Buffers are exchanged where they lie; the ring of the group stays for what is small.
    private IBufferExchange ExchangeOf(TrainingContext context)
    {
        if (context.CudaDevice is not { } device || context.Group.WorldSize == 1)
        {
            return new RingExchange(context.Group);
        }
        var deadline = context.Manifest.Spec.FailurePolicy.StallTimeout;
        return Own(NcclGroup.Connect(context.Group, device, deadline, context.Time));
    }

    private BatchFeed FeedOf(TrainingData data, IObjective objective, RunSpec spec)
    {
        var cuda = _context.CudaDevice is null ? null : CudaRuntime.Load();
        return new BatchFeed(
            _plan,
            data.Order,
            spec.Training.Seed,
            _plan.MicroBatchesOf(_context.Group.Rank, _context.Group.WorldSize),
            () => new BatchReader(data.Sequences, objective, _plan.BatchSize, cuda: cuda),
            cuda is null ? null : like => new BatchUpload(cuda, _context.CudaDevice!.Value, like)
        );
    }

    private HeldOutLoss HeldOutOf(TokenSplit validation, IObjective objective, RunSpec spec)
    {
        var batchSize = spec.Training.BatchSize;
        var reader = Own(new BatchReader(validation, objective, batchSize, _context.Device));
        var batches = new HeldOutBatches(reader, batchSize, spec.Evaluation.MaxSteps);
        return new HeldOutLoss(_model, _context.Group, batches, Precisions.Of(spec.Training.Precision));
    }

    private StepResult RunStep()
    {
        var start = _context.Time.GetTimestamp();
        var result = _runner.Run(_position.Step, _position.DataStep, _context.StopRequested, _keeper.IsRequested);
        var duration = _context.Time.GetElapsedTime(start);
        _position = _position with
        {
            Step = _position.Step + 1,
            DataStep = _position.DataStep + 1,
            Samples = _position.Samples + _plan.SamplesPerStep,
            Tokens = _position.Tokens + _tokensPerStep,
            Loss = double.IsFinite(result.Loss) ? result.Loss : _position.Loss,
        };
        _verdicts.Act(result, _position);
        NoteTransport();
        var isEvaluated = EvaluateIfDue();
        _recorder.Add(result, duration, _position, isEvaluated);
        return result;
    }

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
        var everySteps = _context.Manifest.Spec.Evaluation.EverySteps;
        var isDue = _position.Step >= MaxSteps || (everySteps > 0 && _position.Step % everySteps == 0);
        if (!isDue || !_heldOut.IsAvailable)
        {
            return false;
        }
        _reporter.Enter(RankActivity.Evaluating);
        var loss = _heldOut.Measure();
        if (!double.IsFinite(loss))
        {
            throw DivergedException.InEvaluation(_position.Step, loss);
        }
        _position = _position with { EvalLoss = loss, EvalStep = _position.Step };
        _reporter.Enter(RankActivity.Training);
        return true;
    }

    private bool IsCheckpointDue() => _position.Step % _context.Manifest.Spec.Checkpoints.EverySteps == 0;

    private TrainingResult End(TrainingOutcome outcome)
    {
        _reporter.Enter(outcome == TrainingOutcome.Stopped ? RankActivity.Stopping : RankActivity.Checkpointing);
        var checkpoint = _keeper.Finish();
        _reporter.Enter(RankActivity.Done);
        _context.Observer.Summary(_account.Summarise(_guard.SkippedSteps));
        return TrainingResults.Of(outcome, _position, checkpoint);
    }
}
