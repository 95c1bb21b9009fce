using CodeParrot.Checkpoints;
using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Runtime;
using CodeParrot.Contract.Store;
using CodeParrot.Distributed;
using CodeParrot.Model;
using CodeParrot.Model.HuggingFace;
using CodeParrot.Training.Checkpointing;
using CodeParrot.Training.Recovery;

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
    private readonly Gpt2 _model;
    private readonly IReadOnlyList<CheckpointSource> _tokenizer;
    private readonly ProgressReporter _reporter;
    private readonly CheckpointPublisher? _publisher;
    private readonly CheckpointRequests _requests;
    private readonly CancellationTokenSource _uploads;
    private IProcessGroup _group;
    private int _worldSize;
    private MomentGather? _moments;
    private StateSnapshot? _snapshot;
    private volatile bool _keepsAll;

    /// <summary>A keeper that <see cref="Join"/> is to be called of before it takes checkpoints.</summary>
    /// <param name="context">The attempt.</param>
    /// <param name="start">Where it goes on from.</param>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Files of the tokenizer, for each checkpoint.</param>
    /// <param name="reporter">Told of what is durable.</param>
    /// <param name="cancellationToken">Gives up uploads.</param>
    public CheckpointKeeper(
        TrainingContext context,
        RunStart start,
        Gpt2 model,
        IReadOnlyList<CheckpointSource> tokenizer,
        ProgressReporter reporter,
        CancellationToken cancellationToken
    )
    {
        _context = context;
        _group = context.Group;
        _worldSize = context.Group.WorldSize;
        _model = model;
        _tokenizer = tokenizer;
        _reporter = reporter;
        Known = start.Known;
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

    /// <summary>Gets the newest checkpoints as far as this rank knows; rank 0 knows best.</summary>
    public KnownCheckpoints Known { get; private set; }

    /// <summary>Gets whether this rank knows of a request for a checkpoint that none serves yet.</summary>
    public Func<bool> IsRequested { get; }

    /// <summary>Takes part in a round from here on.</summary>
    /// <param name="group">Its ranks.</param>
    /// <param name="moments">Brings together what they hold.</param>
    public void Join(IProcessGroup group, MomentGather moments)
    {
        _group = group;
        _worldSize = group.WorldSize;
        _moments = moments;
    }

    /// <summary>
    /// Takes part in no round any more: what is taken from here on this rank takes alone, of a state that is whole.
    /// </summary>
    public void Leave() => _group = new SingleProcessGroup();

    /// <summary>Takes rank 0's word for which checkpoints there are.</summary>
    public void Adopt(KnownCheckpoints known) => Known = known;

    /// <summary>Begins a checkpoint of the current state, once the one before is durable.</summary>
    /// <param name="run">The run on this rank.</param>
    public void Take(HeldRun run)
    {
        var moments = _moments ?? throw new InvalidOperationException("there is no round");
        Finish();
        run.Tail?.DropUntil(Known.BegunStep);
        var position = run.Position;
        var name = StorePaths.CheckpointName(position.Step, _context.Attempt);
        var parent = Known.Newest;
        Known = Known with { Begun = new($"{_context.Branch}/{name}", position.Step, position.DataStep) };
        if (_publisher is null || run.Record is null)
        {
            moments.CopyTo(first: null, second: null);
            return;
        }
        _snapshot ??= new StateSnapshot(_model);
        _snapshot.Take(_model, moments);
        CheckpointSource[] sources =
        [
            .. _snapshot.Sources(),
            CheckpointSource.OfBytes(HuggingFaceFolder.ConfigFile, HuggingFaceConfig.WriteConfig(_model.Config)),
            CheckpointSource.OfBytes(HuggingFaceFolder.GenerationConfigFile, HuggingFaceConfig.WriteGenerationConfig()),
            CheckpointSource.OfBytes(TrainingState.FileName, StateOf(run, moments.StepCount)),
            .. _tokenizer,
        ];
        _publisher.Begin(
            DraftOf(position, name, parent),
            sources,
            run.Record.ToObjects(),
            appliesRetention: () => !_keepsAll,
            _uploads.Token
        );
    }

    /// <summary>
    /// Deletes no checkpoint from now on, not even behind one that is on its way: a stop may be the beginning of a
    /// rollback, whose target this attempt does not know.
    /// </summary>
    public void KeepAll() => _keepsAll = true;

    /// <summary>Reports the checkpoint in flight if it is durable by now.</summary>
    public void Collect() => Note(_publisher?.TryCollect());

    /// <summary>Waits on all ranks until no checkpoint is in flight.</summary>
    /// <returns>The newest checkpoint, <c>branch/name</c>, on all ranks; empty for none.</returns>
    public string Finish()
    {
        var done = RootWork.Run(
            _group,
            _context.Time,
            async () => Known with { Newest = (await WaitAsync())?.Reference ?? Known.Newest }
        );
        Note(_publisher?.Collect());
        Known = Known with { Newest = done.Newest };
        return Known.Newest;
    }

    /// <summary>Waits until no checkpoint of this rank is in flight, without collecting it.</summary>
    public async Task<CheckpointEntry?> WaitAsync() => _publisher is null ? null : await _publisher.WaitAsync();

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

    private void Note(PublishedCheckpoint? published)
    {
        if (published is not null)
        {
            Known = Known with { Newest = published.Entry.Reference };
            _reporter.Committed(published);
        }
    }

    private CheckpointManifest DraftOf(RunPosition position, string name, string parent) =>
        new()
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
            Parent = parent,
            WorldSize = _worldSize,
            TokensKey = _context.Lineage.Tokens,
            TokenizerKey = _context.Lineage.Tokenizer,
            IdentityDigest = RunSnapshot.IdentityDigest(_context.Manifest.Spec),
            ServedRequest = _requests.Serve($"{_context.Branch}/{name}"),
        };

    private byte[] StateOf(HeldRun run, long optimizerSteps)
    {
        var position = run.Position;
        var state = new TrainingState
        {
            Step = position.Step,
            OptimizerSteps = optimizerSteps,
            DataStep = position.DataStep,
            Stream = run.Stream,
            Samples = position.Samples,
            Tokens = position.Tokens,
            Loss = position.Loss,
            EvalLoss = position.EvalLoss,
            Guard = run.Guard.Save(),
            Account = run.Account.Save(),
            WorldSize = _worldSize,
            Threads = _context.Threads,
            Precision = run.Precision,
            SpecHash = RunSnapshot.Hash(RunSnapshot.Write(_context.Manifest)),
            Identity = IdentityFields.Of(_context.Manifest.Spec),
        };
        return System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(state, ContractJson.Indented);
    }
}
