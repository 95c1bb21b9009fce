namespace CodeParrot.Contract.Runtime;

/// <summary>What <c>GET /progress</c> of a pod answers.</summary>
public sealed record RunProgress
{
    /// <summary>Most names in <see cref="Stored"/>.</summary>
    public const int MaxStored = 1000;

    /// <summary>UID of the run; a reader drops an answer of another run.</summary>
    public string RunUid { get; init; } = "";

    /// <summary>Attempt of the pod; a reader drops an answer of another attempt.</summary>
    public int Attempt { get; init; }

    /// <summary>Stage in lower case: corpus, tokenizer, train, evaluate, publish.</summary>
    public string Stage { get; init; } = "";

    /// <summary>Finished steps, or work items of a stage without steps.</summary>
    public long Step { get; init; }

    /// <summary>Steps or items in all; 0 while unknown.</summary>
    public long MaxSteps { get; init; }

    /// <summary>What a step is in this stage: steps, documents, merges.</summary>
    public string Unit { get; init; } = "steps";

    /// <summary>Sequences trained on.</summary>
    public long Samples { get; init; }

    /// <summary>Tokens trained on.</summary>
    public long Tokens { get; init; }

    /// <summary>Training loss of the last finished step.</summary>
    public double? Loss { get; init; }

    /// <summary>Newest loss on held-out data.</summary>
    public double? EvalLoss { get; init; }

    /// <summary>e to the power of <see cref="EvalLoss"/>.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Learning rate of the last finished step.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Tokens a second over the last steps, all ranks.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>
    /// Model FLOPs utilisation over the last steps, 0 to 1: the operations of the model (6 N + 12 L H Q T a token) over
    /// what the devices could do at their peak; null where no peak is known.
    /// </summary>
    public double? Mfu { get; init; }

    /// <summary>Global norm of the last finished step's gradient, before clipping.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Share of the last steps' time in which this rank waited for data, 0 to 1.</summary>
    public double? DataWait { get; init; }

    /// <summary>Seconds that training stood still for the newest checkpoint.</summary>
    public double? CheckpointPauseSeconds { get; init; }

    /// <summary>
    /// Time in steps that the run still has the result of, over all time since training first began, 0 to 1: restarts,
    /// work done twice, evaluations and checkpoints are what is missing from 1.
    /// </summary>
    public double? Goodput { get; init; }

    /// <summary>Most memory that this rank's process has taken, in bytes.</summary>
    public long? PeakMemoryBytes { get; init; }

    /// <summary>
    /// Most memory of this rank's GPU in use, as seen at the ends of steps, in bytes; null without a GPU.
    /// </summary>
    public long? PeakDeviceMemoryBytes { get; init; }

    /// <summary>Steps of the run that the guards did not apply.</summary>
    public long? SkippedSteps { get; init; }

    /// <summary>Factor on the loss; null where the precision needs none.</summary>
    public double? LossScale { get; init; }

    /// <summary>Rank whose own computation takes longest over the last steps; null with one rank.</summary>
    public int? StragglerRank { get; init; }

    /// <summary>Its computation over the median of all ranks.</summary>
    public double? StragglerRatio { get; init; }

    /// <summary>
    /// How ranks exchange gradients: tcp, nccl, or nccl with the ways it chose, the slowest first, as in
    /// <c>nccl: NET/Socket, P2P</c>; empty for a single rank.
    /// </summary>
    public string Transport { get; init; } = "";

    /// <summary>
    /// Rounds of the attempt so far: 1, and one more for each time that ranks came together again after a loss; null
    /// for a single rank.
    /// </summary>
    public int? Round { get; init; }

    /// <summary>Seconds to the end of the stage, estimated.</summary>
    public double? EtaSeconds { get; init; }

    /// <summary>What goes on, for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>Newest complete checkpoint.</summary>
    public CheckpointSummary? Checkpoint { get; init; }

    /// <summary>
    /// Every complete checkpoint of the run, <c>branch/name</c>, as rank 0 last saw them: what is not among them and is
    /// no newer was deleted. Null where it is not known, or where there are more than <see cref="MaxStored"/>.
    /// </summary>
    public IReadOnlyList<string>? Stored { get; init; }

    /// <summary>
    /// The request for a checkpoint that was served last on the way to where the run is now; null for none.
    /// </summary>
    public ServedRequest? ServedRequest { get; init; }

    /// <summary>Every rank of the pod that answers.</summary>
    public IReadOnlyList<RankProgress> Ranks { get; init; } = [];

    /// <summary>When this was written.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
