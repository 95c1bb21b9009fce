using CodeParrot.Model.Native;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using GeluApproximation = TorchSharp.Modules.GELU.Approximate;

namespace CodeParrot.Model;

// B batch, T time, C channels (width), F features of a product, H heads, D head size

/// <summary>
/// One block of GPT-2: attention, then two products with GELU between, each after a LayerNorm and added to the residual
/// stream. It borrows its parameters from the model, looked up once.
/// </summary>
internal sealed class Gpt2Block(Gpt2Config config, int layer, Func<string, Tensor> parameter)
{
    private readonly Tensor _norm1Weight = parameter("ln_1.weight");
    private readonly Tensor _norm1Bias = parameter("ln_1.bias");
    private readonly Tensor _qkvWeight = parameter("attn.c_attn.weight");
    private readonly Tensor _qkvBias = parameter("attn.c_attn.bias");
    private readonly Tensor _attentionWeight = parameter("attn.c_proj.weight");
    private readonly Tensor _attentionBias = parameter("attn.c_proj.bias");
    private readonly Tensor _norm2Weight = parameter("ln_2.weight");
    private readonly Tensor _norm2Bias = parameter("ln_2.bias");
    private readonly Tensor _wideWeight = parameter("mlp.c_fc.weight");
    private readonly Tensor _wideBias = parameter("mlp.c_fc.bias");
    private readonly Tensor _narrowWeight = parameter("mlp.c_proj.weight");
    private readonly Tensor _narrowBias = parameter("mlp.c_proj.bias");
    private readonly long[] _normalised = [config.Width];

    /// <summary>The residual stream after the block: [B, T, C], fp32; the caller disposes it.</summary>
    public Tensor Forward(Tensor x_BTC, in Pass pass)
    {
        using var scope = NewDisposeScope();
        // Every block draws from its own seed, so that recomputing it drops the same values again, in any order.
        pass.Reseed(layer, x_BTC.device_type);
        var a_BTC = Norm(x_BTC, _norm1Weight, _norm1Bias);
        var qkv_BTF = Linear(a_BTC, _qkvWeight, _qkvBias, pass.Type);
        var y_BTC = Attention(qkv_BTF, pass);
        y_BTC = Linear(y_BTC, _attentionWeight, _attentionBias, pass.Type);
        var mid_BTC = x_BTC.add(Drop(y_BTC, pass), LastingScalar.One);

        var m_BTC = Norm(mid_BTC, _norm2Weight, _norm2Bias);
        var f_BTF = Linear(m_BTC, _wideWeight, _wideBias, pass.Type);
        f_BTF = F.gelu(f_BTF, GeluApproximation.tanh, inplace: false);
        var z_BTC = Linear(f_BTF, _narrowWeight, _narrowBias, pass.Type);
        return mid_BTC.add(Drop(z_BTC, pass), LastingScalar.One).MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor qkv_BTF, in Pass pass)
    {
        using var scope = NewDisposeScope();
        var (B, T, H, D) = (qkv_BTF.shape[0], qkv_BTF.shape[1], (long)config.Heads, (long)config.HeadSize);
        var parts = qkv_BTF.view(B, T, 3, H, D).unbind(2);
        var (q_BHTD, k_BHTD, v_BHTD) = (parts[0].transpose(1, 2), parts[1].transpose(1, 2), parts[2].transpose(1, 2));
        if (config.ScaleAttentionByInverseLayer)
        {
            using Scalar factor = 1f / (layer + 1);
            q_BHTD = q_BHTD.mul(factor);
        }

        if (pass.Cache is not null)
        {
            (k_BHTD, v_BHTD) = pass.Cache.Append(layer, k_BHTD, v_BHTD);
        }

        // A single query sees all that is cached; otherwise the cache began empty and the mask is the usual triangle.
        var isCausal = T > 1 && !config.Bidirectional;
        var y_BHTD = F.scaled_dot_product_attention(q_BHTD, k_BHTD, v_BHTD, p: pass.Dropout, is_casual: isCausal);
        return y_BHTD.transpose(1, 2).reshape(B, T, H * D).MoveToOuterDisposeScope();
    }

    private Tensor Norm(Tensor x_BTC, Tensor weight, Tensor bias) =>
        F.layer_norm(x_BTC, _normalised, weight, bias, config.LayerNormEpsilon);

    // Weights are [in, out], Hugging Face's Conv1D: as fast as [out, in] here, and export is a plain copy.
    private static Tensor Linear(Tensor x_BTC, Tensor weight, Tensor bias, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (B, T) = (x_BTC.shape[0], x_BTC.shape[1]);
        var rows_NC = x_BTC.reshape(B * T, -1).to(type);
        return addmm(bias.to(type), rows_NC, weight.to(type), 1, 1).view(B, T, -1).MoveToOuterDisposeScope();
    }

    private static Tensor Drop(Tensor x, in Pass pass) =>
        pass.Dropout > 0 ? F.dropout(x, pass.Dropout, training: true) : x;
}
