using CodeParrot.Model.Native;
using static TorchSharp.torch;

namespace CodeParrot.Model;

// B batch, T time, C channels (width), F features of a product, H heads, D head size

/// <summary>
/// One block of GPT-2: attention, then two products with GELU between, each after a LayerNorm and added to the residual
/// stream. It borrows its parameters from the model, looked up once.
/// </summary>
internal sealed class Gpt2Block(Gpt2Config config, int layer, Func<string, NativeTensor> parameter)
{
    private readonly NativeTensor _norm1Weight = parameter("ln_1.weight");
    private readonly NativeTensor _norm1Bias = parameter("ln_1.bias");
    private readonly NativeTensor _qkvWeight = parameter("attn.c_attn.weight");
    private readonly NativeTensor _qkvBias = parameter("attn.c_attn.bias");
    private readonly NativeTensor _attentionWeight = parameter("attn.c_proj.weight");
    private readonly NativeTensor _attentionBias = parameter("attn.c_proj.bias");
    private readonly NativeTensor _norm2Weight = parameter("ln_2.weight");
    private readonly NativeTensor _norm2Bias = parameter("ln_2.bias");
    private readonly NativeTensor _wideWeight = parameter("mlp.c_fc.weight");
    private readonly NativeTensor _wideBias = parameter("mlp.c_fc.bias");
    private readonly NativeTensor _narrowWeight = parameter("mlp.c_proj.weight");
    private readonly NativeTensor _narrowBias = parameter("mlp.c_proj.bias");

    /// <summary>The residual stream after the block: [B, T, C], fp32, in the caller's scope.</summary>
    public NativeTensor Forward(NativeTensor x_BTC, in Pass pass)
    {
        using var scope = TensorScope.Open();
        // Every block draws from its own seed, so that recomputing it drops the same values again, in any order.
        pass.Reseed(layer, x_BTC.Device);
        var a_BTC = Norm(x_BTC, _norm1Weight, _norm1Bias);
        var qkv_BTF = Linear(a_BTC, _qkvWeight, _qkvBias, pass.Type);
        var y_BTC = Attention(qkv_BTF, pass);
        y_BTC = Linear(y_BTC, _attentionWeight, _attentionBias, pass.Type);
        var mid_BTC = x_BTC.Add(Drop(y_BTC, pass));

        var m_BTC = Norm(mid_BTC, _norm2Weight, _norm2Bias);
        var f_BTF = Linear(m_BTC, _wideWeight, _wideBias, pass.Type).GeluTanh();
        var z_BTC = Linear(f_BTF, _narrowWeight, _narrowBias, pass.Type);
        return mid_BTC.Add(Drop(z_BTC, pass)).MoveToOuterScope();
    }

    private NativeTensor Attention(NativeTensor qkv_BTF, in Pass pass)
    {
        using var scope = TensorScope.Open();
        var (B, T, H, D) = (qkv_BTF.Size(0), qkv_BTF.Size(1), (long)config.Heads, (long)config.HeadSize);
        var (q_BTHD, k_BTHD, v_BTHD) = qkv_BTF.View(B, T, 3, H, D).Unbind(2);
        var (q_BHTD, k_BHTD, v_BHTD) = (q_BTHD.Transpose(1, 2), k_BTHD.Transpose(1, 2), v_BTHD.Transpose(1, 2));
        if (config.ScaleAttentionByInverseLayer)
        {
            using var factor = NativeScalar.Of(1f / (layer + 1));
            q_BHTD = q_BHTD.Multiply(factor);
        }

        if (pass.Cache is not null)
        {
            (k_BHTD, v_BHTD) = pass.Cache.Append(layer, k_BHTD, v_BHTD);
        }

        // A single query sees all that is cached; otherwise the cache began empty and the mask is the usual triangle.
        var isCausal = T > 1 && !config.Bidirectional;
        var y_BHTD = NativeTensor.Attention(q_BHTD, k_BHTD, v_BHTD, pass.Dropout, isCausal);
        return y_BHTD.Transpose(1, 2).Reshape(B, T, H * D).MoveToOuterScope();
    }

    private NativeTensor Norm(NativeTensor x_BTC, NativeTensor weight, NativeTensor bias) =>
        x_BTC.LayerNorm(config.Width, weight, bias, config.LayerNormEpsilon);

    // Weights are [in, out], Hugging Face's Conv1D: as fast as [out, in] here, and export is a plain copy.
    private static NativeTensor Linear(NativeTensor x_BTC, NativeTensor weight, NativeTensor bias, ScalarType type)
    {
        using var scope = TensorScope.Open();
        var (B, T) = (x_BTC.Size(0), x_BTC.Size(1));
        var rows_NC = x_BTC.Reshape(B * T, -1).To(type);
        return NativeTensor.AddMm(bias.To(type), rows_NC, weight.To(type)).View(B, T, -1).MoveToOuterScope();
    }

    private static NativeTensor Drop(NativeTensor x, in Pass pass) => pass.Dropout > 0 ? x.Dropout(pass.Dropout) : x;
}
