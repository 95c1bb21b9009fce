using CodeParrot.Model;
using CodeParrot.Model.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace CodeParrot.Parity.Tests.Training;

// B batch, T time, C channels, H heads, D head size, V vocabulary

/// <summary>
/// GPT-2 and AdamW in fp64 from their formulas, sharing no code with the model under test: what fp32 trainings are
/// judged by. Rounding moves it by 1e-16, so whatever differs from it has erred.
/// </summary>
internal sealed class Fp64Gpt2 : IDisposable
{
    private static readonly Scalar _one = 1;

    private readonly Gpt2Config _config;
    private readonly AdamWOptions _options;
    private readonly Tensor _parameters;
    private readonly Dictionary<string, Tensor> _views = new(StringComparer.Ordinal);
    private readonly double[] _first;
    private readonly double[] _second;
    private readonly long _decayedCount;
    private int _stepCount;

    /// <summary>At the weights of a model, with moments zero.</summary>
    public Fp64Gpt2(Gpt2 start, AdamWOptions options)
    {
        _options = options;
        _config = start.Config;
        _decayedCount = start.DecayedCount;
        _parameters = start.Parameters.to(ScalarType.Float64).requires_grad_(true);
        foreach (var slot in start.Layout)
        {
            _views[slot.Name] = _parameters.narrow(0, slot.Offset, slot.Count).view(slot.Shape);
        }

        _first = new double[_parameters.numel()];
        _second = new double[_parameters.numel()];
    }

    /// <summary>All parameters, in the layout of the model that it started from.</summary>
    public ReadOnlySpan<double> Parameters => LibTorch.Span<double>(_parameters, 0, (int)_parameters.numel());

    /// <summary>L2 norm of all parameters.</summary>
    public double WeightNorm => _parameters.norm().item<double>();

    /// <summary>How large a parameter's gradients were: the root of the mean of their squares.</summary>
    public double GradientSize(long index) => Math.Sqrt(_second[index] / (1 - Math.Pow(_options.Beta2, _stepCount)));

    /// <summary>One step, clipped at 1.</summary>
    public void Step(Tensor ids_BT, double learningRate)
    {
        using var scope = NewDisposeScope();
        var (V, T) = (_config.VocabularySize, ids_BT.shape[1]);
        var predicted_BTV = Logits(ids_BT).narrow(1, 0, T - 1);
        var loss = F.cross_entropy(predicted_BTV.reshape(-1, V), ids_BT.narrow(1, 1, T - 1).reshape(-1));
        loss.backward();
        var gradient = _parameters.grad!;
        using var noGradient = no_grad();
        Update(LibTorch.Span<double>(gradient, 0, _first.Length), gradient.norm().item<double>(), learningRate);
        _parameters.grad = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in _views.Values)
        {
            view.Dispose();
        }

        _parameters.Dispose();
    }

    private void Update(ReadOnlySpan<double> gradient, double norm, double learningRate)
    {
        _stepCount++;
        var factor = Math.Min(1, 1 / (norm + 1e-6));
        var firstSum = 1 - Math.Pow(_options.Beta1, _stepCount);
        var secondSum = 1 - Math.Pow(_options.Beta2, _stepCount);
        var weights = LibTorch.Span<double>(_parameters, 0, _first.Length);
        for (var i = 0; i < weights.Length; i++)
        {
            var g = factor * gradient[i];
            _first[i] = (_options.Beta1 * _first[i]) + ((1 - _options.Beta1) * g);
            _second[i] = (_options.Beta2 * _second[i]) + ((1 - _options.Beta2) * g * g);
            var decay = i < _decayedCount ? learningRate * _options.WeightDecay * weights[i] : 0;
            var size = Math.Sqrt(_second[i] / secondSum) + _options.Epsilon;
            weights[i] -= decay + (learningRate * _first[i] / firstSum / size);
        }
    }

    private Tensor Logits(Tensor ids_BT)
    {
        var token = _views["transformer.wte.weight"];
        var (B, T, C) = (ids_BT.shape[0], ids_BT.shape[1], (long)_config.Width);
        var position_TC = _views["transformer.wpe.weight"].narrow(0, 0, T);
        var x_BTC = token.index_select(0, ids_BT.reshape(-1)).view(B, T, C).add(position_TC, _one);
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            var block = $"transformer.h.{layer}.";
            x_BTC = x_BTC.add(Attention(block + "attn.", Norm(block + "ln_1", x_BTC)), _one);
            var hidden = Linear(block + "mlp.c_fc", Norm(block + "ln_2", x_BTC));
            x_BTC = x_BTC.add(Linear(block + "mlp.c_proj", F.gelu(hidden, GELU.Approximate.tanh, false)), _one);
        }

        return F.linear(Norm("transformer.ln_f", x_BTC), token);
    }

    private Tensor Attention(string prefix, Tensor x_BTC)
    {
        var (B, T, C, H) = (x_BTC.shape[0], x_BTC.shape[1], (long)_config.Width, (long)_config.Heads);
        var parts = Linear(prefix + "c_attn", x_BTC).split(C, 2);
        var (q_BHTD, k_BHTD, v_BHTD) = (Heads(parts[0]), Heads(parts[1]), Heads(parts[2]));
        using Scalar scale = 1 / Math.Sqrt(C / (double)H);
        using Scalar never = double.NegativeInfinity;
        var scores_BHTT = q_BHTD.matmul(k_BHTD.transpose(-2, -1)).mul(scale);
        var later_TT = ones(T, T, dtype: ScalarType.Bool).triu(1);
        var mixed_BHTD = scores_BHTT.masked_fill(later_TT, never).softmax(-1).matmul(v_BHTD);
        return Linear(prefix + "c_proj", mixed_BHTD.transpose(1, 2).reshape(B, T, C));

        Tensor Heads(Tensor part_BTC) => part_BTC.view(B, T, H, C / H).transpose(1, 2);
    }

    // Hugging Face keeps these matrices as [in, out].
    private Tensor Linear(string name, Tensor x) => F.linear(x, _views[name + ".weight"].t(), _views[name + ".bias"]);

    private Tensor Norm(string name, Tensor x) =>
        F.layer_norm(x, [_config.Width], _views[name + ".weight"], _views[name + ".bias"], _config.LayerNormEpsilon);
}
