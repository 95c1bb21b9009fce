using CodeParrot.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;
using TorchAdamW = TorchSharp.Modules.AdamW;

namespace CodeParrot.Benchmarks.Model;

// B batch, T time, C channels, H heads, D head size, V vocabulary, N rows

/// <summary>
/// The training loop one would write first with TorchSharp: a parameter per tensor, attention by two matrix products
/// and a masked softmax, cross-entropy over all logits, <c>torch.optim.AdamW</c>. The baseline of <see
/// cref="StepBenchmark"/>.
/// </summary>
internal sealed class PlainGpt2 : IDisposable
{
    private readonly Dictionary<string, Parameter> _parameters = new(StringComparer.Ordinal);
    private readonly Gpt2Config _config;
    private readonly optim.Optimizer _optimiser;

    /// <summary>A plain model with the same weights as <paramref name="source"/>.</summary>
    public PlainGpt2(Gpt2 source)
    {
        _config = source.Config;
        using var noGradient = no_grad();
        foreach (var slot in source.Layout)
        {
            using var values = source.Parameters.narrow(0, slot.Offset, slot.Count).view(slot.Shape);
            var isMatrix = slot.Name.Contains(".h.") && slot.Shape.Length == 2;
            // nn.Linear keeps its weights as [out, in].
            _parameters[slot.Name] = new Parameter((isMatrix ? values.t() : values).contiguous().clone());
        }

        var decayed = source.Layout.Where(slot => slot.Decayed).Select(slot => _parameters[slot.Name]);
        var others = source.Layout.Where(slot => !slot.Decayed).Select(slot => _parameters[slot.Name]);
        var groups = new[]
        {
            new TorchAdamW.ParamGroup(decayed, 1e-4, weight_decay: 0.1),
            new TorchAdamW.ParamGroup(others, 1e-4, weight_decay: 0),
        };
        _optimiser = optim.AdamW(groups, 1e-4);
    }

    /// <summary>One step on one batch; gives the loss before it.</summary>
    public double Step(Tensor ids_BT)
    {
        using var scope = NewDisposeScope();
        _optimiser.zero_grad();
        var logits_BTV = Logits(ids_BT);
        var (V, T) = (logits_BTV.shape[2], ids_BT.shape[1]);
        var rows_NV = logits_BTV.narrow(1, 0, T - 1).reshape(-1, V);
        var loss = F.cross_entropy(rows_NV, ids_BT.narrow(1, 1, T - 1).reshape(-1));
        loss.backward();
        _optimiser.step();
        return loss.item<float>();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimiser.Dispose();
        foreach (var parameter in _parameters.Values)
        {
            parameter.Dispose();
        }
    }

    private Tensor Logits(Tensor ids_BT)
    {
        var token = _parameters["transformer.wte.weight"];
        var position = _parameters["transformer.wpe.weight"];
        var (B, T, C) = (ids_BT.shape[0], ids_BT.shape[1], (long)_config.Width);
        var x_BTC = token.index_select(0, ids_BT.reshape(-1)).view(B, T, C) + position.narrow(0, 0, T);
        for (var layer = 0; layer < _config.Layers; layer++)
        {
            x_BTC = Block($"transformer.h.{layer}.", x_BTC);
        }

        return F.linear(Norm("transformer.ln_f", x_BTC), token);
    }

    private Tensor Block(string prefix, Tensor x_BTC)
    {
        x_BTC = x_BTC + Linear(prefix + "attn.c_proj", Attention(prefix, Norm(prefix + "ln_1", x_BTC)));
        var f_BTF = F.gelu(
            Linear(prefix + "mlp.c_fc", Norm(prefix + "ln_2", x_BTC)),
            GELU.Approximate.tanh,
            inplace: false
        );
        return x_BTC + Linear(prefix + "mlp.c_proj", f_BTF);
    }

    private Tensor Attention(string prefix, Tensor x_BTC)
    {
        var (B, T, C, H) = (x_BTC.shape[0], x_BTC.shape[1], x_BTC.shape[2], (long)_config.Heads);
        var parts = Linear(prefix + "attn.c_attn", x_BTC).split(C, 2);
        var (q, k, v) = (Heads(parts[0]), Heads(parts[1]), Heads(parts[2]));
        var scores_BHTT = q.matmul(k.transpose(-2, -1)).mul(1 / Math.Sqrt(C / (double)H));
        var mask_TT = ones(T, T, dtype: ScalarType.Bool).triu(1);
        var weights_BHTT = scores_BHTT.masked_fill(mask_TT, float.NegativeInfinity).softmax(-1);
        return weights_BHTT.matmul(v).transpose(1, 2).reshape(B, T, C);

        Tensor Heads(Tensor part_BTC) => part_BTC.view(B, T, H, C / H).transpose(1, 2);
    }

    private Tensor Linear(string name, Tensor x) =>
        F.linear(x, _parameters[name + ".weight"], _parameters[name + ".bias"]);

    private Tensor Norm(string name, Tensor x) =>
        F.layer_norm(x, [_config.Width], _parameters[name + ".weight"], _parameters[name + ".bias"]);
}
