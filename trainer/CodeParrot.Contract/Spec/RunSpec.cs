namespace CodeParrot.Contract.Spec;

/// <summary>
/// What a run is to do: <c>spec</c> of a TrainingRun. Every field that is left out takes the value of the book's small
/// model (codeparrot-small); values that depend on others are filled in by <see cref="Manifest.SpecResolver"/>.
/// </summary>
public sealed record RunSpec
{
    /// <summary>The object store that holds all artifacts of the run. Identity.</summary>
    public StoreSpec Store { get; init; } = new();

    /// <summary>Where the source code comes from and what is kept of it. Identity.</summary>
    public CorpusSpec Corpus { get; init; } = new();

    /// <summary>The tokenizer: trained on the corpus, or taken from a folder. Identity.</summary>
    public TokenizerSpec Tokenizer { get; init; } = new();

    /// <summary>Shape of the network. Identity.</summary>
    public ModelSpec Model { get; init; } = new();

    /// <summary>The recipe of training.</summary>
    public TrainingSpec Training { get; init; } = new();

    /// <summary>When and on how much the model is evaluated.</summary>
    public EvaluationSpec Evaluation { get; init; } = new();

    /// <summary>When checkpoints are written and which are kept.</summary>
    public CheckpointsSpec Checkpoints { get; init; } = new();

    /// <summary>What becomes the published model. Control.</summary>
    public PublishSpec Publish { get; init; } = new();

    /// <summary>The gang of ranks.</summary>
    public WorkersSpec Workers { get; init; } = new();

    /// <summary>Resources of the pods of the other stages, by stage: corpus, tokenizer, evaluate, publish.</summary>
    public IReadOnlyDictionary<string, StageSpec> Stages { get; init; } = new Dictionary<string, StageSpec>();

    /// <summary>What happens when a pod fails. Control.</summary>
    public FailurePolicySpec FailurePolicy { get; init; } = new();

    /// <summary>Whether voluntary disruptions wait for a checkpoint. Control.</summary>
    public DisruptionPolicy Disruption { get; init; } = DisruptionPolicy.Allow;

    /// <summary>How the gang is scheduled.</summary>
    public SchedulingSpec Scheduling { get; init; } = new();

    /// <summary>True stops the run after a checkpoint; false lets it go on. Control.</summary>
    public bool Suspend { get; init; }

    /// <summary>Goes back to an earlier checkpoint; acted on once per distinct value. Control.</summary>
    public RollbackSpec? Rollback { get; init; }

    /// <summary>How long a finished run's resource is kept; null keeps it. Control.</summary>
    public TimeSpan? TtlAfterFinished { get; init; }

    /// <summary>False deletes the run's objects from the store when the run is deleted. Control.</summary>
    public bool RetainArtifacts { get; init; } = true;
}
