using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Training.Accounting;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Guards;

namespace CodeParrot.Training.Engine;

/// <summary>
/// Takes checkpoints: all ranks call it and give what only they hold, rank 0 copies the state and writes it in the
/// background while training goes on.
/// </summary>
internal sealed class CheckpointKeeper : IDisposable
{
    // A failed attempt lets a checkpoint that is nearly written finish; the operator's own patience is about this long.
    private static readonly TimeSpan FailurePatience = TimeSpan.FromSeconds(10);

    private readonly TrainingContext _context;
    private readonly Contract.Spec.Precision _precision;
    private readonly Gpt2 _model;
    private readonly MomentGather _moments;
    private readonly StepGuard _guard;
    private readonly RunAccount _account;
    private readonly TrainingData _data;
    private readonly IReadOnlyList<CheckpointSource> _tokenizer;
    private readonly ProgressReporter _reporter;
    private readonly CheckpointPublisher? _publisher;
    private readonly CheckpointRequests _requests;
    private readonly CancellationTokenSource _uploads;
    private StateSnapshot? _snapshot;
    private string _newest;

    public CheckpointKeeper(
        TrainingContext context,
        RunStart start,
        Gpt2 model,
        MomentGather moments,
        StepGuard guard,
        RunAccount account,
        TrainingData data,
        IReadOnlyList<CheckpointSource> tokenizer,
        ProgressReporter reporter,
        CancellationToken cancellationToken
    )
    {
        _data = data;
        _context = context;
        _precision = start.Precision;
        _model = model;
        _moments = moments;
        _guard = guard;
        _account = account;
        _tokenizer = tokenizer;
        _reporter = reporter;
        _newest = start.Checkpoint?.Reference ?? "";
        NewestDataStep = start.Checkpoint?.Manifest.DataStep ?? 0;
        _requests = new CheckpointRequests(context, start.Checkpoint?.Manifest);
        IsRequested = () => _requests.IsOpen;
        _uploads = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _publisher = start.Ownership is null
            ? null
            : new CheckpointPublisher(
                context.Store,
                start.Ownership,
                context.Manifest.Spec.Checkpoints.Keep,
                context.StartFrom,
                context.Manifest.Spec.Publish.Promote,
                context.Time
            );
    }

    /// <summary>Gets the step of the data order that follows the newest checkpoint, on all ranks.</summary>
    public long NewestDataStep { get; private set; }

    /// <summary>Gets whether this rank knows of a request for a checkpoint that none serves yet.</summary>
    public Func<bool> IsRequested { get; }

    /// <summary>Begins a checkpoint of the current state, once the one before is durable.</summary>
    /// <param name="position">How far the run is.</param>
    /// <param name="record">The run's files (rank 0).</param>
    /// <param name="isStop">
    /// True for the checkpoint of a stop on request. No older one is deleted behind it: the stop may be the beginning
    /// of a rollback, whose target this attempt does not know.
    /// </param>
    public void Take(RunPosition position, RunRecord? record, bool isStop)
    {
        Finish();
        NewestDataStep = position.DataStep;
        if (_publisher is null || record is null)
        {
            _moments.CopyTo(first: null, second: null);
            return;
        }
        _snapshot ??= new StateSnapshot(_model);
        _snapshot.Take(_model, _moments);
        CheckpointSource[] sources =
        [
            .. _snapshot.Sources(),
            CheckpointSource.OfBytes(HuggingFaceFolder.ConfigFile, HuggingFaceConfig.WriteConfig(_model.Config)),
            CheckpointSource.OfBytes(HuggingFaceFolder.GenerationConfigFile, HuggingFaceConfig.WriteGenerationConfig()),
            CheckpointSource.OfBytes(TrainingState.FileName, StateOf(position)),
            .. _tokenizer,
        ];
        _publisher.Begin(DraftOf(position), sources, record.ToObjects(), applyRetention: !isStop, _uploads.Token);
    }

    /// <summary>Reports the checkpoint in flight if it is durable by now.</summary>
    public void Collect() => Note(_publisher?.TryCollect());

    /// <summary>Waits on all ranks until no checkpoint is in flight.</summary>
    /// <returns>The newest checkpoint, <c>branch/name</c>, on all ranks; empty for none.</returns>
    public string Finish()
    {
        var done = RootWork.Run(
            _context.Group,
            _context.Time,
            async () =>
            {
                var entry = _publisher is null ? null : await _publisher.WaitAsync();
                return new StartDecision(entry?.Reference ?? _newest, entry?.Digest ?? "", []);
            }
        );
        Note(_publisher?.Collect());
        _newest = done.Checkpoint;
        return _newest;
    }

    public void Dispose()
    {
        if (_publisher is not null && !_publisher.TryFinish(FailurePatience, _context.Time))
        {
            _uploads.Cancel();
            _publisher.Abandon();
        }
        _snapshot?.Dispose();
        _uploads.Dispose();
    }

    private void Note(CheckpointEntry? entry)
    {
        if (entry is not null)
        {
            _newest = entry.Reference;
            _reporter.Committed(entry);
        }
    }

    private CheckpointManifest DraftOf(RunPosition position)
    {
        var name = StorePaths.CheckpointName(position.Step, _context.Attempt);
        return new CheckpointManifest
        {
            Name = name,
            Branch = _context.Branch,
            Step = position.Step,
            Samples = position.Samples,
            Tokens = position.Tokens,
            DataStep = position.DataStep,
            Loss = position.Loss,
            // A loss of an earlier step would let retention keep a model that it does not belong to.
            EvalLoss = position.EvalStep == position.Step ? position.EvalLoss : null,
            Parent = _newest,
            WorldSize = _context.Group.WorldSize,
            TokensKey = _context.Lineage.Tokens,
            TokenizerKey = _context.Lineage.Tokenizer,
            IdentityDigest = RunSnapshot.IdentityDigest(_context.Manifest.Spec),
            ServedRequest = _requests.Serve($"{_context.Branch}/{name}"),
        };
    }

    private byte[] StateOf(RunPosition position)
    {
        var state = new TrainingState
        {
            Step = position.Step,
            OptimizerSteps = _moments.StepCount,
            DataStep = position.DataStep,
            Stream = _data.StateAt(position.DataStep),
            Samples = position.Samples,
            Tokens = position.Tokens,
            Loss = position.Loss,
            EvalLoss = position.EvalLoss,
            Guard = _guard.Save(),
            Account = _account.Save(),
            WorldSize = _context.Group.WorldSize,
            Threads = _context.Threads,
            Precision = _precision,
            SpecHash = RunSnapshot.Hash(RunSnapshot.Write(_context.Manifest)),
            Identity = IdentityFields.Of(_context.Manifest.Spec),
        };
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, ContractJson.Indented);
    }
}
