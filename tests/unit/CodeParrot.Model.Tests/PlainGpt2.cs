using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using GeluApproximation = TorchSharp.Modules.GELU.Approximate;

namespace CodeParrot.Model.Tests;

// B batch, T time, C channels, H heads, D head size, N rows that predict

/// <summary>
/// GPT-2 written down naively for autograd: a leaf per parameter, attention as two products and a masked softmax, one
/// graph, torch's own cross-entropy. What the engine computes by other means must agree with it.
/// </summary>
internal sealed class PlainGpt2
{
    private readonly Gpt2Config _config;
    private readonly Dictionary<string, Tensor> _leaves = new(StringComparer.Ordinal);

    /// <summary>Copies the weights; the tensors belong to the caller's dispose scope.</summary>
    public PlainGpt2(Gpt2 model)
    {
        _config = model.Config;
        foreach (var slot in model.Layout)
        {
            var values = model.Parameters.narrow(0, slot.Offset, slot.Count).view(slot.Shape).detach().clone();
            _leaves[slot.Name] = values.requires_grad_(true);
        }
    }

    /// <summary>Computes the mean loss at some positions and all gradients.</summary>
    public double LossAndGradients(Tensor ids_BT, Tensor positions_N, Tensor targets_N)
    {
        var (B, T, C) = (ids_BT.shape[0], ids_BT.shape[1], (long)_config.Width);
        var tokens = _leaves["transformer.wte.weight"];
        var x_BTC = tokens.index_select(0, ids_BT.reshape(-1)).view(B, T, C);
        x_BTC = x_BTC + _leaves["transformer.wpe.weight"].narrow(0, 0, T);
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            x_BTC = Block($"transformer.h.{layer}.", layer, x_BTC);
        }

        var rows_NC = Norm("transformer.ln_f", x_BTC).reshape(-1, C).index_select(0, positions_N);
        var loss = F.cross_entropy(rows_NC.matmul(tokens.t()), targets_N);
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>The gradient of a parameter.</summary>
    public Tensor GradientOf(string name) => _leaves[name].grad!;

    private Tensor Block(string prefix, int layer, Tensor x_BTC)
    {
        x_BTC = x_BTC + Linear(prefix + "attn.c_proj", Attention(prefix, layer, Norm(prefix + "ln_1", x_BTC)));
        var wide = F.gelu(Linear(prefix + "mlp.c_fc", Norm(prefix + "ln_2", x_BTC)), GeluApproximation.tanh, false);
        return x_BTC + Linear(prefix + "mlp.c_proj", wide);
    }

    private Tensor Attention(string prefix, int layer, Tensor x_BTC)
    {
        var (B, T, C, H) = (x_BTC.shape[0], x_BTC.shape[1], x_BTC.shape[2], (long)_config.Heads);
        var parts = Linear(prefix + "attn.c_attn", x_BTC).split(C, 2);
        var heads = parts.Select(part => part.view(B, T, H, C / H).transpose(1, 2)).ToArray();
        var scores_BHTT = heads[0].matmul(heads[1].transpose(-2, -1)).mul(1 / Math.Sqrt(C / (double)H));
        if (_config.ScaleAttentionByInverseLayer)
        {
            scores_BHTT = scores_BHTT.mul(1.0 / (layer + 1));
        }

        if (!_config.Bidirectional)
        {
            var future_TT = ones(T, T, dtype: ScalarType.Bool).triu(1);
            scores_BHTT = scores_BHTT.masked_fill(future_TT, float.NegativeInfinity);
        }

        return scores_BHTT.softmax(-1).matmul(heads[2]).transpose(1, 2).reshape(B, T, C);
    }

    private Tensor Linear(string name, Tensor x) => x.matmul(_leaves[name + ".weight"]) + _leaves[name + ".bias"];

    private Tensor Norm(string name, Tensor x) =>
        F.layer_norm(x, [_config.Width], _leaves[name + ".weight"], _leaves[name + ".bias"], _config.LayerNormEpsilon);
}
