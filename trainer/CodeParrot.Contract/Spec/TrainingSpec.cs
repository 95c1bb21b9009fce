namespace CodeParrot.Contract.Spec;

/// <summary>The recipe of training. Defaults are those of codeparrot-small.</summary>
public sealed record TrainingSpec
{
    /// <summary>Sequences of one micro-batch. Identity.</summary>
    public int BatchSize { get; init; } = 12;

    /// <summary>Micro-batches per rank and step at the reference world size, <c>workers.count</c>. Identity.</summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>Optimiser updates in all.</summary>
    public int MaxSteps { get; init; } = 150000;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>How the learning rate changes over the steps.</summary>
    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary>Decoupled weight decay of matrices and embeddings.</summary>
    public double WeightDecay { get; init; } = 0.1;

    /// <summary>Largest global norm of the gradient; 0 switches clipping off.</summary>
    public double GradientClip { get; init; } = 1.0;

    /// <summary>Number format of matrix products.</summary>
    public Precision Precision { get; init; } = Precision.Bf16;

    /// <summary>
    /// True lets GPUs compute fp32 matrix products as TF32, which keeps 11 bits of each factor: several times as fast
    /// on Ampere and later. False, as in PyTorch, computes what Fp32 says. Without effect on CPUs and at Bf16 or Fp16.
    /// </summary>
    public bool Tf32 { get; init; }

    /// <summary>True recomputes activations in the backward pass to save memory.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>
    /// True divides the optimiser's state among the ranks (ZeRO stage 1): each keeps its share of the two moments and
    /// updates its share of the weights, with the same losses, and checkpoints stay whole and fit any number of ranks.
    /// </summary>
    public bool OptimizerSharding { get; init; }

    /// <summary>What keeps steps that would damage the model from being applied.</summary>
    public GuardsSpec Guards { get; init; } = new();

    /// <summary>What is predicted. Identity.</summary>
    public Objective Objective { get; init; } = Objective.CausalLm;

    /// <summary>Order of the sequences. Identity.</summary>
    public DataSpec Data { get; init; } = new();

    /// <summary>Seed of weights, data order and dropout. Identity.</summary>
    public long Seed { get; init; } = 1;
}
