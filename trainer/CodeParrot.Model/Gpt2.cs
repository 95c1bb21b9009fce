using CodeParrot.Model.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace CodeParrot.Model;

// B batch, T time, C channels (width), V vocabulary, N rows that predict a token

/// <summary>
/// GPT-2 with every parameter a view of one flat fp32 buffer, and every gradient a view of another. The backward pass
/// runs block by block from here, so a caller learns when a block's gradients are complete while the rest still
/// computes. Not thread-safe: a training step is synchronous on one thread. The file holds all but the inside of a
/// block, hence its length.
/// </summary>
public sealed class Gpt2 : IDisposable
{
    private readonly FlatParameters _parameters;
    private readonly Gpt2Block[] _blocks;
    private readonly ParameterRange[] _matrixRanges;
    private readonly ParameterRange[] _vectorRanges;
    private readonly ParameterRange _finalNormRange;
    private readonly ParameterRange _embeddingRange;
    private readonly HeadWorkspace _workspace;

    // Of the micro-batch that is computed, kept for the next one: inputs and outputs of the blocks.
    private readonly NativeTensor[] _inputs;
    private readonly NativeTensor[] _outputs;
    private Tensor? _meanLoss;

    /// <summary>A model with all parameters zero; see <see cref="Initialise"/> and the Hugging Face loader.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="device">Where parameters and computations live; the CPU by default.</param>
    /// <exception cref="ModelConfigurationException">The sizes contradict each other.</exception>
    /// <exception cref="PlatformNotSupportedException">This libtorch is not one that was tried.</exception>
    public Gpt2(Gpt2Config config, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var errors = config.Validate().ToList();
        if (errors.Count > 0)
        {
            throw new ModelConfigurationException(errors);
        }

        LibTorch.Verify();
        Config = config;
        _parameters = new FlatParameters(Gpt2Layout.Build(config), device ?? CPU);
        DecayedCount = Layout.Where(slot => slot.Decayed).Sum(slot => slot.Count);
        _workspace = new HeadWorkspace(config.VocabularySize);
        _inputs = new NativeTensor[config.Layers];
        _outputs = new NativeTensor[config.Layers];
        _blocks = new Gpt2Block[config.Layers];
        _matrixRanges = new ParameterRange[config.Layers];
        _vectorRanges = new ParameterRange[config.Layers];
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var index = layer;
            _blocks[layer] = new Gpt2Block(config, layer, name => _parameters[Gpt2Layout.Block(index, name)]);
            _matrixRanges[layer] = RangeOf(layer, "attn.c_attn.weight", "mlp.c_proj.weight");
            _vectorRanges[layer] = RangeOf(layer, "ln_1.weight", "mlp.c_proj.bias");
        }

        _finalNormRange = _parameters.RangeOf(Gpt2Layout.FinalNormWeight, Gpt2Layout.FinalNormBias);
        _embeddingRange = _parameters.RangeOf(Gpt2Layout.TokenEmbedding, Gpt2Layout.PositionEmbedding);
    }

    /// <summary>Sizes of the model.</summary>
    public Gpt2Config Config { get; }

    /// <summary>Where each parameter lies, in buffer order.</summary>
    public IReadOnlyList<ParameterSlot> Layout => _parameters.Layout;

    /// <summary>The first so many elements of the flat buffers take weight decay; the rest do not.</summary>
    public long DecayedCount { get; }

    /// <summary>
    /// All parameters, flat fp32 [N]. Owned by the model; may be changed in place under <c>no_grad</c>.
    /// </summary>
    public Tensor Parameters => _parameters.Flat;

    /// <summary>
    /// All gradients, flat fp32 [N], made zero on first use. Owned by the model; the caller zeroes it.
    /// </summary>
    public Tensor Gradients => _parameters.FlatGradients;

    /// <summary>
    /// Most rows (tokens) whose logits are held at once, at least 1; by default those of 64 MiB. Fewer take less memory
    /// and, below some hundred, more time; what is computed is the same but for the order of the head's sums.
    /// </summary>
    public long HeadChunkRows
    {
        get => _workspace.ChunkRows;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _workspace.ChunkRows = value;
        }
    }

    /// <summary>
    /// Draws fresh weights as GPT-2 does: matrices and embeddings from N(0, 0.02), projections onto the residual stream
    /// from N(0, 0.02 / sqrt(2 * layers)), biases 0, LayerNorms 1 and 0. The same seed gives the same bits on any
    /// number of threads and on any device.
    /// </summary>
    public void Initialise(ulong seed)
    {
        using var noGradient = GradientMode.Off();
        using var generator = new Generator(seed, CPU);
        foreach (var slot in Layout)
        {
            using var scope = TensorScope.Open();
            var values = FlatParameters.View(Parameters, slot);
            if (slot.Decayed)
            {
                var isResidual = slot.Name.EndsWith("c_proj.weight", StringComparison.Ordinal);
                var deviation = isResidual ? 0.02 / Math.Sqrt(2.0 * Config.Layers) : 0.02;
                using var drawn = empty(slot.Shape, ScalarType.Float32, CPU);
                using var same = drawn.normal_(0, deviation, generator);
                values.Copy_(NativeTensor.Share(drawn));
            }
            else
            {
                var isWeight = slot.Name.EndsWith(".weight", StringComparison.Ordinal);
                values.Fill_(isWeight ? NativeScalar.One : NativeScalar.Zero);
            }
        }
    }

    /// <summary>Logits of every position, without dropout or gradient.</summary>
    /// <param name="ids_BT">Token ids, int64 [B, T], T at most the context length.</param>
    /// <returns>fp32 [B, T, V]; the caller disposes it.</returns>
    /// <exception cref="TokenOutOfRangeException">An id has no embedding.</exception>
    public Tensor Logits(Tensor ids_BT)
    {
        ArgumentNullException.ThrowIfNull(ids_BT);
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        var ids = NativeTensor.Share(ids_BT);
        CheckIds(ids, minimumTime: 1);
        var logits_NV = LogitsOf(Hidden(ids, new Pass(ScalarType.Float32)));
        return logits_NV.View(ids.Size(0), ids.Size(1), -1).ToTensor();
    }

    /// <summary>
    /// Mean cross-entropy in nats over a batch's targets, summed in fp64. No dropout, no gradient.
    /// </summary>
    /// <param name="batch">Token ids, int64 [B, T] with T up to the context length, and what is predicted.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    /// <exception cref="TokenOutOfRangeException">An id has no embedding.</exception>
    public double Loss(in TokenBatch batch, Precision precision = Precision.Fp32)
    {
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        var tokens = Shared(batch);
        var type = TypeOf(precision);
        var rows_NC = tokens.PredictingRows(FinalNorm(Hidden(tokens.Ids_BT, new Pass(type))));
        var total = rows_NC.NewZeros(ScalarType.Float64, 1);
        ChunkedCrossEntropy.Loss(rows_NC, TokenEmbedding_VC, tokens.TargetIds(), total, type, _workspace);
        return HostRead.ValueOf(total) / rows_NC.Size(0);
    }

    /// <summary>
    /// Computes the mean loss of a micro-batch as <see cref="Loss"/> does, with dropout, and adds the gradient of
    /// <c>micro.Scale * loss</c> to <see cref="Gradients"/>. After the first ones of its kind it allocates nothing on
    /// the managed heap.
    /// </summary>
    /// <param name="batch">Token ids, int64 [B, T], and what is predicted.</param>
    /// <param name="micro">Scale, precision, dropout seed, recomputation.</param>
    /// <param name="meanLoss">
    /// Receives the mean loss, unscaled: fp64 [1] on the model's device. On a GPU nothing has waited for it: read it
    /// when all micro-batches of a step are queued.
    /// </param>
    /// <param name="gradientReady">
    /// Called on this thread as soon as a range of the gradient buffer is complete: the final LayerNorm, then each
    /// block from the last to the first (two ranges each), then the embeddings. All calls together cover the buffer
    /// exactly once.
    /// </param>
    /// <exception cref="TokenOutOfRangeException">An id has no embedding (found on the CPU only).</exception>
    public void Accumulate(
        in TokenBatch batch,
        in MicroBatch micro,
        Tensor meanLoss,
        Action<ParameterRange>? gradientReady = null
    )
    {
        ArgumentNullException.ThrowIfNull(meanLoss);
        using var scope = TensorScope.Open();
        var tokens = Shared(batch);
        _parameters.EnsureGradients();
        var pass = new Pass(TypeOf(micro.Precision), Config.Dropout, micro.DropoutSeed);
        var embedded_BTC = Embed(tokens.Ids_BT, start: 0).Detach().RequireGradient();
        var stream_BTC = DropEmbedding(embedded_BTC, pass);
        var hidden_BTC = BlocksForward(stream_BTC, micro.Recompute, pass);

        var loss = NativeTensor.Share(meanLoss);
        var gradient_BTC = HeadBackward(hidden_BTC, tokens, micro.Scale, loss, pass.Type);
        if (micro.Recompute)
        {
            // Who pays with time for memory does not want this kept beside the blocks.
            _workspace.Release();
        }

        gradientReady?.Invoke(_finalNormRange);
        for (var layer = Config.Layers - 1; layer >= 0; layer--)
        {
            gradient_BTC = BlockBackward(layer, gradient_BTC, pass);
            gradientReady?.Invoke(_matrixRanges[layer]);
            gradientReady?.Invoke(_vectorRanges[layer]);
        }

        EmbeddingBackward(tokens.Ids_BT, embedded_BTC, stream_BTC, gradient_BTC);
        gradientReady?.Invoke(_embeddingRange);
    }

    /// <summary>
    /// What <see cref="Accumulate"/> does, and then waits for the mean loss and reads it.
    /// </summary>
    public double ForwardBackward(
        in TokenBatch batch,
        in MicroBatch micro,
        Action<ParameterRange>? gradientReady = null
    )
    {
        _meanLoss ??= zeros(1, ScalarType.Float64, Parameters.device).DetachFromDisposeScope();
        Accumulate(batch, micro, _meanLoss, gradientReady);
        using var scope = TensorScope.Open();
        return HostRead.ValueOf(NativeTensor.Share(_meanLoss));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parameters.Dispose();
        _workspace.Dispose();
        _meanLoss?.Dispose();
    }

    /// <summary>The token embedding, which is the output head too.</summary>
    internal NativeTensor TokenEmbedding_VC => _parameters[Gpt2Layout.TokenEmbedding];

    /// <summary>
    /// The residual stream after the last block, before the final LayerNorm: [B, T, C], inference only.
    /// </summary>
    internal NativeTensor Hidden(NativeTensor ids_BT, in Pass pass)
    {
        using var scope = TensorScope.Open();
        var x_BTC = Embed(ids_BT, pass.Cache?.Length ?? 0);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            var next_BTC = _blocks[layer].Forward(x_BTC, pass);
            x_BTC.Dispose();
            x_BTC = next_BTC;
        }

        return x_BTC.MoveToOuterScope();
    }

    /// <summary>What a residual stream [..., C] says of the next tokens: [N, V], all its positions.</summary>
    internal NativeTensor LogitsOf(NativeTensor x_BTC) =>
        FinalNorm(x_BTC).Reshape(-1, Config.Width).MatMul(TokenEmbedding_VC.Transpose());

    // The LayerNorm before the output head.
    private NativeTensor FinalNorm(NativeTensor x_BTC) =>
        x_BTC.LayerNorm(
            Config.Width,
            _parameters[Gpt2Layout.FinalNormWeight],
            _parameters[Gpt2Layout.FinalNormBias],
            Config.LayerNormEpsilon
        );

    // Positions from `start` on: with a cache, the tokens before it have been seen already.
    private NativeTensor Embed(NativeTensor ids_BT, long start)
    {
        using var scope = TensorScope.Open();
        using var noGradient = GradientMode.Off();
        var (B, T, C) = (ids_BT.Size(0), ids_BT.Size(1), (long)Config.Width);
        var tokens_BTC = TokenEmbedding_VC.IndexSelect(0, ids_BT.Flatten()).View(B, T, C);
        var positions_TC = _parameters[Gpt2Layout.PositionEmbedding].Narrow(0, start, T);
        return tokens_BTC.Add_(positions_TC).MoveToOuterScope();
    }

    private static NativeTensor DropEmbedding(NativeTensor embedded_BTC, in Pass pass)
    {
        pass.Reseed(Pass.Embeddings, embedded_BTC.Device);
        return pass.Dropout > 0 ? embedded_BTC.Dropout(pass.Dropout) : embedded_BTC;
    }

    // Each block is a graph of its own, from a leaf to its output: they run backwards one by one.
    private NativeTensor BlocksForward(NativeTensor hidden_BTC, bool recompute, in Pass pass)
    {
        using var scope = TensorScope.Open();
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            _inputs[layer] = hidden_BTC.Detach().RequireGradient().MoveToOuterScope();
            if (recompute && layer > 0)
            {
                // The leaf shares its memory, and nothing else needs it: backward frees one input after the other.
                hidden_BTC.Dispose();
            }

            using var gradientMode = GradientMode.Set(!recompute);
            hidden_BTC = _blocks[layer].Forward(_inputs[layer], pass);
            _outputs[layer] = recompute ? default : hidden_BTC.MoveToOuterScope();
        }

        return recompute ? hidden_BTC.MoveToOuterScope() : hidden_BTC;
    }

    private NativeTensor HeadBackward(
        NativeTensor hidden_BTC,
        in NativeBatch batch,
        double scale,
        NativeTensor meanLoss,
        ScalarType type
    )
    {
        using var scope = TensorScope.Open();
        var leaf_BTC = hidden_BTC.Detach().RequireGradient();
        var rows_NC = batch.PredictingRows(FinalNorm(leaf_BTC));
        var rowCount = rows_NC.Size(0);
        var gradient_NC = ChunkedCrossEntropy.ForwardBackward(
            rows_NC.Detach(),
            TokenEmbedding_VC.Detach(),
            _parameters.GradientOf(Gpt2Layout.TokenEmbedding),
            batch.TargetIds(),
            meanLoss.Zero_(),
            scale / rowCount,
            type,
            _workspace
        );
        rows_NC.Backward(gradient_NC);
        using var rows = NativeScalar.Of((double)rowCount);
        meanLoss.Divide_(rows);
        return leaf_BTC.Gradient.MoveToOuterScope();
    }

    // Returns the gradient of the block's input, and frees what the block held.
    private NativeTensor BlockBackward(int layer, NativeTensor gradient_BTC, in Pass pass)
    {
        using var scope = TensorScope.Open();
        var input_BTC = _inputs[layer];
        var output_BTC = _outputs[layer].IsNone ? _blocks[layer].Forward(input_BTC, pass) : _outputs[layer];
        output_BTC.Backward(gradient_BTC);
        output_BTC.Dispose();
        gradient_BTC.Dispose();
        var inputGradient_BTC = input_BTC.Gradient.MoveToOuterScope();
        input_BTC.Dispose();
        return inputGradient_BTC;
    }

    private void EmbeddingBackward(
        NativeTensor ids_BT,
        NativeTensor embedded_BTC,
        NativeTensor stream_BTC,
        NativeTensor gradient_BTC
    )
    {
        using var scope = TensorScope.Open();
        if (stream_BTC.Handle != embedded_BTC.Handle)
        {
            stream_BTC.Backward(gradient_BTC);
            gradient_BTC = embedded_BTC.Gradient;
        }

        using var noGradient = GradientMode.Off();
        var rows_NC = gradient_BTC.Reshape(-1, Config.Width);
        _parameters.GradientOf(Gpt2Layout.TokenEmbedding).IndexAdd_(0, ids_BT.Flatten(), rows_NC);
        var positions_TC = _parameters.GradientOf(Gpt2Layout.PositionEmbedding).Narrow(0, 0, ids_BT.Size(1));
        positions_TC.Add_(gradient_BTC.Sum(0, keep: false));
    }

    internal static ScalarType TypeOf(Precision precision) =>
        precision switch
        {
            Precision.Bf16 => ScalarType.BFloat16,
            Precision.Fp16 => ScalarType.Float16,
            _ => ScalarType.Float32,
        };

    private ParameterRange RangeOf(int layer, string first, string last) =>
        _parameters.RangeOf(Gpt2Layout.Block(layer, first), Gpt2Layout.Block(layer, last));

    // A batch's tensors in the innermost scope, once they are checked.
    private NativeBatch Shared(in TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch.Ids_BT);
        if (batch.Positions_N is null && Config.Bidirectional)
        {
            throw new ArgumentException(
                "a model that sees both sides of a token cannot learn the next one: name positions and targets"
            );
        }

        var shared = new NativeBatch(batch);
        CheckIds(shared.Ids_BT, minimumTime: batch.Positions_N is null ? 2 : 1);
        return shared;
    }

    internal void CheckIds(NativeTensor ids_BT, long minimumTime)
    {
        if (ids_BT.Dimensions != 2 || ids_BT.Type != ScalarType.Int64)
        {
            throw new ArgumentException($"must be int64 [B, T], was {ids_BT.Type} {ids_BT.DescribeShape()}");
        }

        var time = ids_BT.Size(1);
        if (ids_BT.Size(0) < 1 || time < minimumTime || time > Config.ContextLength)
        {
            throw new ArgumentException(
                $"rows must hold {minimumTime} to {Config.ContextLength} tokens (the context), was {time}"
            );
        }

        // On a GPU reading ids would stall the queue; they come from our own shards there.
        if (ids_BT.Device == DeviceType.CPU)
        {
            using var scope = TensorScope.Open();
            foreach (var id in ids_BT.Contiguous().HostSpan<long>())
            {
                if (id < 0 || id >= Config.VocabularySize)
                {
                    throw new TokenOutOfRangeException(id, Config.VocabularySize);
                }
            }
        }
    }
}
