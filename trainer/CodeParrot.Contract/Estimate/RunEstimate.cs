using CodeParrot.Contract.Manifest;
using CodeParrot.Contract.Spec;

namespace CodeParrot.Contract.Estimate;

/// <summary>What a run will take, worked out from its resolved spec alone.</summary>
/// <param name="ParameterCount">Weights of the model.</param>
/// <param name="SequencesPerStep">Sequences of one optimiser step, all ranks.</param>
/// <param name="TokensPerStep">Tokens of one optimiser step, all ranks.</param>
/// <param name="Tokens">Tokens of the whole run.</param>
/// <param name="FloatingPointOperations">
/// Operations of the whole run (6 N + 12 L H Q T a token, as nanoGPT counts).
/// </param>
/// <param name="StateBytes">
/// Weights, gradients and two moments of one rank, fp32; with <c>optimizerSharding</c> its share of the moments.
/// </param>
/// <param name="ActivationBytes">Activations and logits of one micro-batch, estimated to a fifth or so.</param>
/// <param name="CheckpointBytes">One checkpoint in the store.</param>
public sealed record RunEstimate(
    long ParameterCount,
    long SequencesPerStep,
    long TokensPerStep,
    long Tokens,
    double FloatingPointOperations,
    long StateBytes,
    long ActivationBytes,
    long CheckpointBytes
)
{
    // Tokens of the head's chunk: logits of more than this many positions are never held (CodeParrot.Model).
    private const int HeadChunkTokens = 256;

    /// <summary>Memory of one rank.</summary>
    public long RankBytes => StateBytes + ActivationBytes;

    /// <summary>Estimates a run of a known shape.</summary>
    public static RunEstimate Of(RunSpec resolved, ModelShape shape)
    {
        var training = resolved.Training;
        var parameters = shape.ParameterCount;
        var sequences = (long)training.BatchSize * training.GradientAccumulation * resolved.Workers.Count;
        var tokensPerStep = sequences * shape.ContextLength;
        var tokens = tokensPerStep * training.MaxSteps;
        return new RunEstimate(
            parameters,
            sequences,
            tokensPerStep,
            tokens,
            OperationsPerToken(shape) * tokens,
            State(training, parameters, resolved.Workers.Count),
            Activations(training, shape),
            12 * parameters
        );
    }

    /// <summary>
    /// Floating point operations of training on one token: 6 N + 12 L H Q T, N without the position embeddings (PaLM,
    /// appendix B; nanoGPT). What recomputing activations costs besides is no work of the model, and is not counted.
    /// </summary>
    public static double OperationsPerToken(ModelShape shape)
    {
        var matrices = shape.ParameterCount - ((long)shape.ContextLength * shape.Width);
        return (6.0 * matrices) + (12.0 * shape.Layers * shape.Width * shape.ContextLength);
    }

    private static long State(TrainingSpec training, long parameters, int worldSize)
    {
        var owners = training.OptimizerSharding ? worldSize : 1;
        return (8 * parameters) + (8 * ((parameters + owners - 1) / owners));
    }

    private static long Activations(TrainingSpec training, ModelShape shape)
    {
        long positions = (long)training.BatchSize * shape.ContextLength;
        var bytesPerNumber = training.Precision == Precision.Fp32 ? 4 : 2;
        // A block keeps about 16 activations of the model's width for its backward: two LayerNorms' inputs and outputs,
        // q, k, v, the attention's output, and twice the four-fold hidden layer.
        var block = positions * shape.Width * 16 * bytesPerNumber;
        var inputs = positions * shape.Width * 4;
        var blocks = training.GradientCheckpointing ? (shape.Layers * inputs) + block : shape.Layers * (block + inputs);
        return blocks + (3L * Math.Min(positions, HeadChunkTokens) * shape.VocabularySize * 4);
    }
}
