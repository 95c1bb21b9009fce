namespace CodeParrot.Model;

/// <summary>
/// The order of parameters in the flat buffers: first all decayed ones (embeddings and matrices), then all others
/// (biases and LayerNorms), each part in model order. So weight decay is two ranges, and a block is one range in each
/// part.
/// </summary>
internal static class Gpt2Layout
{
    public const string TokenEmbedding = "transformer.wte.weight";
    public const string PositionEmbedding = "transformer.wpe.weight";
    public const string FinalNormWeight = "transformer.ln_f.weight";
    public const string FinalNormBias = "transformer.ln_f.bias";

    public static string Block(int layer, string name) => $"transformer.h.{layer}.{name}";

    /// <summary>All parameters in buffer order.</summary>
    public static IReadOnlyList<ParameterSlot> Build(Gpt2Config config)
    {
        var slots = new List<ParameterSlot>();
        var offset = 0L;
        foreach (var decayed in new[] { true, false })
        {
            foreach (var (name, shape) in InModelOrder(config).Where(parameter => IsDecayed(parameter.Name) == decayed))
            {
                var slot = new ParameterSlot(name, shape, offset, decayed);
                slots.Add(slot);
                offset = slot.Range.End;
            }
        }

        return slots;
    }

    // In GPT-2 every tensor of two dimensions is decayed; LayerNorm weights (ln_1, ln_2, ln_f) and biases have one.
    private static bool IsDecayed(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal) && !name.Contains(".ln_", StringComparison.Ordinal);

    private static IEnumerable<(string Name, long[] Shape)> InModelOrder(Gpt2Config config)
    {
        long width = config.Width;
        yield return (TokenEmbedding, [config.VocabularySize, width]);
        yield return (PositionEmbedding, [config.ContextLength, width]);
        for (var layer = 0; layer < config.Layers; layer++)
        {
            yield return (Block(layer, "ln_1.weight"), [width]);
            yield return (Block(layer, "ln_1.bias"), [width]);
            yield return (Block(layer, "attn.c_attn.weight"), [width, 3 * width]);
            yield return (Block(layer, "attn.c_attn.bias"), [3 * width]);
            yield return (Block(layer, "attn.c_proj.weight"), [width, width]);
            yield return (Block(layer, "attn.c_proj.bias"), [width]);
            yield return (Block(layer, "ln_2.weight"), [width]);
            yield return (Block(layer, "ln_2.bias"), [width]);
            yield return (Block(layer, "mlp.c_fc.weight"), [width, 4 * width]);
            yield return (Block(layer, "mlp.c_fc.bias"), [4 * width]);
            yield return (Block(layer, "mlp.c_proj.weight"), [4 * width, width]);
            yield return (Block(layer, "mlp.c_proj.bias"), [width]);
        }

        yield return (FinalNormWeight, [width]);
        yield return (FinalNormBias, [width]);
    }
}
