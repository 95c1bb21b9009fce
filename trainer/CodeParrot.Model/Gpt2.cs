using CodeParrot.Model.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

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
    private readonly Dictionary<string, Tensor> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _gradients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ParameterSlot> _slots;
    private readonly Gpt2Block[] _blocks;
    private readonly HeadWorkspace _workspace;
    private Tensor? _flatGradients;

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
        using var scope = NewDisposeScope();
        Config = config;
        Layout = Gpt2Layout.Build(config);
        _slots = Layout.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        DecayedCount = Layout.Where(slot => slot.Decayed).Sum(slot => slot.Count);
        Parameters = zeros(config.ParameterCount, ScalarType.Float32, device ?? CPU).DetachFromDisposeScope();
        foreach (var slot in Layout)
        {
            // A detached view is a leaf for autograd and yet shares the flat buffer's memory.
            _parameters[slot.Name] = View(Parameters, slot).detach().requires_grad_(true).DetachFromDisposeScope();
        }

        _workspace = new HeadWorkspace(config.VocabularySize);
        _blocks = new Gpt2Block[config.Layers];
        for (var layer = 0; layer < config.Layers; layer++)
        {
            var index = layer;
            _blocks[layer] = new Gpt2Block(config, layer, name => _parameters[Gpt2Layout.Block(index, name)]);
        }
    }

    /// <summary>Sizes of the model.</summary>
    public Gpt2Config Config { get; }

    /// <summary>Where each parameter lies, in buffer order.</summary>
    public IReadOnlyList<ParameterSlot> Layout { get; }

    /// <summary>The first so many elements of the flat buffers take weight decay; the rest do not.</summary>
    public long DecayedCount { get; }

    /// <summary>
    /// All parameters, flat fp32 [N]. Owned by the model; may be changed in place under <c>no_grad</c>.
    /// </summary>
    public Tensor Parameters { get; }

    /// <summary>
    /// All gradients, flat fp32 [N], made zero on first use. Owned by the model; the caller zeroes it.
    /// </summary>
    public Tensor Gradients
    {
        get
        {
            EnsureGradients();
            return _flatGradients!;
        }
    }

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
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var generator = new Generator(seed, CPU);
        foreach (var slot in Layout)
        {
            var values = View(Parameters, slot);
            if (slot.Decayed)
            {
                var isResidual = slot.Name.EndsWith("c_proj.weight", StringComparison.Ordinal);
                var deviation = isResidual ? 0.02 / Math.Sqrt(2.0 * Config.Layers) : 0.02;
                using var drawn = empty(slot.Shape, ScalarType.Float32, CPU).normal_(0, deviation, generator);
                values.copy_(drawn);
            }
            else
            {
                var isWeight = slot.Name.EndsWith(".weight", StringComparison.Ordinal);
                values.fill_(isWeight ? LastingScalar.One : LastingScalar.Zero);
            }
        }
    }

    /// <summary>Logits of every position, without dropout or gradient.</summary>
    /// <param name="ids_BT">Token ids, int64 [B, T], T at most the context length.</param>
    /// <returns>fp32 [B, T, V]; the caller disposes it.</returns>
    /// <exception cref="TokenOutOfRangeException">An id has no embedding.</exception>
    public Tensor Logits(Tensor ids_BT)
    {
        CheckIds(ids_BT, minimumTime: 1);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var hidden_BTC = FinalNorm(Hidden(ids_BT, new Pass(ScalarType.Float32)));
        return hidden_BTC.matmul(TokenEmbedding_VC.t()).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean cross-entropy in nats over a batch's targets, summed in fp64. No dropout, no gradient.
    /// </summary>
    /// <param name="batch">Token ids, int64 [B, T] with T up to the context length, and what is predicted.</param>
    /// <param name="precision">Number format of the matrix products.</param>
    /// <exception cref="TokenOutOfRangeException">An id has no embedding.</exception>
    public double Loss(in TokenBatch batch, Precision precision = Precision.Fp32)
    {
        Check(batch);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var type = TypeOf(precision);
        var rows_NC = batch.PredictingRows(FinalNorm(Hidden(batch.Ids_BT, new Pass(type))));
        var sum = ChunkedCrossEntropy.LossSum(rows_NC, TokenEmbedding_VC, batch.TargetIds(), type, _workspace);
        return HostRead.ValueOf<double>(sum) / rows_NC.shape[0];
    }

    /// <summary>
    /// Computes the mean loss of a micro-batch as <see cref="Loss"/> does, with dropout, and adds the gradient of
    /// <c>micro.Scale * loss</c> to <see cref="Gradients"/>.
    /// </summary>
    /// <param name="batch">Token ids, int64 [B, T], and what is predicted.</param>
    /// <param name="micro">Scale, precision, dropout seed, recomputation.</param>
    /// <param name="gradientReady">
    /// Called on this thread as soon as a range of the gradient buffer is complete: the final LayerNorm, then each
    /// block from the last to the first (two ranges each), then the embeddings. All calls together cover the buffer
    /// exactly once.
    /// </param>
    /// <returns>
    /// The mean loss, unscaled, fp64 [1] on the model's device; the caller disposes it. On a GPU nothing has waited for
    /// it: read it when all micro-batches of a step are queued.
    /// </returns>
    /// <exception cref="TokenOutOfRangeException">An id has no embedding (found on the CPU only).</exception>
    public Tensor Accumulate(in TokenBatch batch, in MicroBatch micro, Action<ParameterRange>? gradientReady = null)
    {
        Check(batch);
        EnsureGradients();
        using var scope = NewDisposeScope();
        var pass = new Pass(TypeOf(micro.Precision), Config.Dropout, micro.DropoutSeed);
        var embedded_BTC = Embed(batch.Ids_BT, start: 0).detach().requires_grad_(true);
        var stream_BTC = DropEmbedding(embedded_BTC, pass);

        var inputs = new Tensor[Config.Layers];
        var outputs = new Tensor?[Config.Layers];
        var hidden_BTC = stream_BTC;
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            // Each block is a graph of its own, from a leaf to its output: the loop below runs them backwards one by
            // one.
            inputs[layer] = hidden_BTC.detach().requires_grad_(true);
            if (micro.Recompute && layer > 0)
            {
                // The leaf shares its memory, and nothing else needs it: backward frees one input after the other.
                hidden_BTC.Dispose();
            }

            using var gradientMode = set_grad_enabled(!micro.Recompute);
            hidden_BTC = _blocks[layer].Forward(inputs[layer], pass);
            outputs[layer] = micro.Recompute ? null : hidden_BTC;
        }

        var (loss, gradient_BTC) = HeadBackward(hidden_BTC, batch, micro.Scale, pass.Type);
        if (micro.Recompute)
        {
            // Who pays with time for memory does not want this kept beside the blocks.
            _workspace.Release();
        }

        gradientReady?.Invoke(RangeOf(Gpt2Layout.FinalNormWeight, Gpt2Layout.FinalNormBias));
        for (var layer = Config.Layers - 1; layer >= 0; layer--)
        {
            gradient_BTC = BlockBackward(layer, inputs[layer], outputs[layer], gradient_BTC, pass);
            gradientReady?.Invoke(RangeOf(layer, "attn.c_attn.weight", "mlp.c_proj.weight"));
            gradientReady?.Invoke(RangeOf(layer, "ln_1.weight", "mlp.c_proj.bias"));
        }

        EmbeddingBackward(batch.Ids_BT, embedded_BTC, stream_BTC, gradient_BTC);
        gradientReady?.Invoke(RangeOf(Gpt2Layout.TokenEmbedding, Gpt2Layout.PositionEmbedding));
        return loss.MoveToOuterDisposeScope();
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
        using var loss = Accumulate(batch, micro, gradientReady);
        return HostRead.ValueOf<double>(loss);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _parameters.Values.Concat(_gradients.Values))
        {
            tensor.Dispose();
        }

        _workspace.Dispose();
        Parameters.Dispose();
        _flatGradients?.Dispose();
    }

    /// <summary>The token embedding, which is the output head too.</summary>
    internal Tensor TokenEmbedding_VC => _parameters[Gpt2Layout.TokenEmbedding];

    /// <summary>
    /// The residual stream after the last block, before the final LayerNorm: [B, T, C], inference only.
    /// </summary>
    internal Tensor Hidden(Tensor ids_BT, in Pass pass)
    {
        using var scope = NewDisposeScope();
        var x_BTC = Embed(ids_BT, pass.Cache?.Length ?? 0);
        for (var layer = 0; layer < Config.Layers; layer++)
        {
            var next_BTC = _blocks[layer].Forward(x_BTC, pass);
            x_BTC.Dispose();
            x_BTC = next_BTC;
        }

        return x_BTC.MoveToOuterDisposeScope();
    }

    /// <summary>The LayerNorm before the output head.</summary>
    internal Tensor FinalNorm(Tensor x_BTC) =>
        F.layer_norm(
            x_BTC,
            [Config.Width],
            _parameters[Gpt2Layout.FinalNormWeight],
            _parameters[Gpt2Layout.FinalNormBias],
            Config.LayerNormEpsilon
        );

    // Positions from `start` on: with a cache, the tokens before it have been seen already.
    private Tensor Embed(Tensor ids_BT, long start)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (B, T, C) = (ids_BT.shape[0], ids_BT.shape[1], (long)Config.Width);
        var tokens_BTC = TokenEmbedding_VC.index_select(0, ids_BT.reshape(-1)).view(B, T, C);
        var positions_TC = _parameters[Gpt2Layout.PositionEmbedding].narrow(0, start, T);
        return tokens_BTC.add_(positions_TC, LastingScalar.One).MoveToOuterDisposeScope();
    }

    private static Tensor DropEmbedding(Tensor embedded_BTC, in Pass pass)
    {
        pass.Reseed(Pass.Embeddings, embedded_BTC.device_type);
        return pass.Dropout > 0 ? F.dropout(embedded_BTC, pass.Dropout, training: true) : embedded_BTC;
    }

    private (Tensor Loss, Tensor Gradient_BTC) HeadBackward(
        Tensor hidden_BTC,
        in TokenBatch batch,
        double scale,
        ScalarType type
    )
    {
        using var scope = NewDisposeScope();
        var leaf_BTC = hidden_BTC.detach().requires_grad_(true);
        var rows_NC = batch.PredictingRows(FinalNorm(leaf_BTC));
        var rowCount = rows_NC.shape[0];
        var (lossSum, gradient_NC) = ChunkedCrossEntropy.ForwardBackward(
            rows_NC.detach(),
            TokenEmbedding_VC.detach(),
            _gradients[Gpt2Layout.TokenEmbedding],
            batch.TargetIds(),
            scale / rowCount,
            type,
            _workspace
        );
        rows_NC.backward([gradient_NC]);
        using Scalar rows = (double)rowCount;
        return (lossSum.div_(rows).MoveToOuterDisposeScope(), leaf_BTC.grad!.MoveToOuterDisposeScope());
    }

    // Returns the gradient of the block's input, and frees what the block held.
    private Tensor BlockBackward(int layer, Tensor input_BTC, Tensor? output_BTC, Tensor gradient_BTC, in Pass pass)
    {
        using var scope = NewDisposeScope();
        output_BTC ??= _blocks[layer].Forward(input_BTC, pass);
        output_BTC.backward([gradient_BTC]);
        output_BTC.Dispose();
        gradient_BTC.Dispose();
        var inputGradient_BTC = input_BTC.grad!.MoveToOuterDisposeScope();
        input_BTC.Dispose();
        return inputGradient_BTC;
    }

    private void EmbeddingBackward(Tensor ids_BT, Tensor embedded_BTC, Tensor stream_BTC, Tensor gradient_BTC)
    {
        using var scope = NewDisposeScope();
        if (!ReferenceEquals(stream_BTC, embedded_BTC))
        {
            stream_BTC.backward([gradient_BTC]);
            gradient_BTC = embedded_BTC.grad!;
        }

        using var noGradient = no_grad();
        var rows_NC = gradient_BTC.reshape(-1, Config.Width);
        _gradients[Gpt2Layout.TokenEmbedding].index_add_(0, ids_BT.reshape(-1), rows_NC, LastingScalar.One);
        var positions_TC = _gradients[Gpt2Layout.PositionEmbedding].narrow(0, 0, ids_BT.shape[1]);
        positions_TC.add_(gradient_BTC.sum(0L), LastingScalar.One);
    }

    internal static ScalarType TypeOf(Precision precision) =>
        precision switch
        {
            Precision.Bf16 => ScalarType.BFloat16,
            Precision.Fp16 => ScalarType.Float16,
            _ => ScalarType.Float32,
        };

    private void EnsureGradients()
    {
        if (_flatGradients is not null)
        {
            return;
        }

        using var scope = NewDisposeScope();
        _flatGradients = zeros_like(Parameters).DetachFromDisposeScope();
        foreach (var slot in Layout)
        {
            // Backward adds in place to a gradient that exists: the flat buffer fills without a copy.
            var view = View(_flatGradients, slot).DetachFromDisposeScope();
            _gradients[slot.Name] = view;
            _parameters[slot.Name].grad = view;
        }
    }

    private static Tensor View(Tensor flat, ParameterSlot slot)
    {
        using var range = flat.narrow(0, slot.Offset, slot.Count);
        return range.view(slot.Shape);
    }

    private ParameterRange RangeOf(int layer, string first, string last) =>
        RangeOf(Gpt2Layout.Block(layer, first), Gpt2Layout.Block(layer, last));

    private ParameterRange RangeOf(string first, string last)
    {
        var start = _slots[first].Offset;
        return new(start, _slots[last].Range.End - start);
    }

    private void Check(in TokenBatch batch)
    {
        if (batch.Positions_N is null && Config.Bidirectional)
        {
            throw new ArgumentException(
                "a model that sees both sides of a token cannot learn the next one: name positions and targets"
            );
        }

        CheckIds(batch.Ids_BT, minimumTime: batch.Positions_N is null ? 2 : 1);
    }

    internal void CheckIds(Tensor ids_BT, long minimumTime)
    {
        ArgumentNullException.ThrowIfNull(ids_BT);
        if (ids_BT.dim() != 2 || ids_BT.dtype != ScalarType.Int64)
        {
            throw new ArgumentException(
                $"must be int64 [B, T], was {ids_BT.dtype} [{string.Join(", ", ids_BT.shape)}]"
            );
        }

        var time = ids_BT.shape[1];
        if (ids_BT.shape[0] < 1 || time < minimumTime || time > Config.ContextLength)
        {
            throw new ArgumentException(
                $"rows must hold {minimumTime} to {Config.ContextLength} tokens (the context), was {time}"
            );
        }

        // On a GPU reading ids would stall the queue; they come from our own shards there.
        if (ids_BT.device_type == DeviceType.CPU)
        {
            using var packed_BT = ids_BT.contiguous();
            foreach (var id in LibTorch.Span<long>(packed_BT, 0, (int)packed_BT.numel()))
            {
                if (id < 0 || id >= Config.VocabularySize)
                {
                    throw new TokenOutOfRangeException(id, Config.VocabularySize);
                }
            }
        }
    }
}
