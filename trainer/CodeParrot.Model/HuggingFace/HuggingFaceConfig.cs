using System.Text.Json;

namespace CodeParrot.Model.HuggingFace;

/// <summary>
/// <c>config.json</c> and <c>generation_config.json</c> of a Hugging Face GPT-2, to and from our sizes.
/// </summary>
public static class HuggingFaceConfig
{
    // Ours: no field of Hugging Face's GPT-2 says that tokens see both sides, and its code would compute another model.
    private const string Bidirectional = "codeparrot_bidirectional";

    private static readonly JsonWriterOptions _indented = new() { Indented = true };

    /// <summary>The content of <c>config.json</c>; the end-of-text token has id 0.</summary>
    public static byte[] WriteConfig(Gpt2Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return Write(json =>
        {
            json.WriteStartArray("architectures");
            json.WriteStringValue("GPT2LMHeadModel");
            json.WriteEndArray();
            json.WriteString("model_type", "gpt2");
            json.WriteString("activation_function", "gelu_new");
            json.WriteNumber("attn_pdrop", config.Dropout);
            json.WriteNumber("embd_pdrop", config.Dropout);
            json.WriteNumber("resid_pdrop", config.Dropout);
            json.WriteNumber("bos_token_id", 0);
            if (config.Bidirectional)
            {
                json.WriteBoolean(Bidirectional, value: true);
            }

            json.WriteNumber("eos_token_id", 0);
            json.WriteNumber("initializer_range", 0.02);
            json.WriteNumber("layer_norm_epsilon", config.LayerNormEpsilon);
            json.WriteNumber("n_ctx", config.ContextLength);
            json.WriteNumber("n_embd", config.Width);
            json.WriteNumber("n_head", config.Heads);
            json.WriteNull("n_inner");
            json.WriteNumber("n_layer", config.Layers);
            json.WriteNumber("n_positions", config.ContextLength);
            json.WriteBoolean("reorder_and_upcast_attn", value: false);
            json.WriteBoolean("scale_attn_by_inverse_layer_idx", config.ScaleAttentionByInverseLayer);
            json.WriteBoolean("scale_attn_weights", value: true);
            json.WriteBoolean("tie_word_embeddings", value: true);
            json.WriteString("torch_dtype", "float32");
            json.WriteBoolean("use_cache", value: true);
            json.WriteNumber("vocab_size", config.VocabularySize);
        });
    }

    /// <summary>The content of <c>generation_config.json</c>.</summary>
    public static byte[] WriteGenerationConfig() =>
        Write(json =>
        {
            json.WriteBoolean("_from_model_config", value: true);
            json.WriteNumber("bos_token_id", 0);
            json.WriteNumber("eos_token_id", 0);
        });

    /// <summary>Reads <c>config.json</c>.</summary>
    /// <param name="content">The file's bytes.</param>
    /// <param name="file">What messages call the file.</param>
    /// <exception cref="ModelFileException">
    /// It is no GPT-2 that this engine computes; all reasons are named.
    /// </exception>
    public static Gpt2Config ReadConfig(ReadOnlyMemory<byte> content, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return Read(new ConfigReader(document.RootElement), file);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ModelFileException(file, $"is not a model configuration: {e.Message}", e);
        }
    }

    private static Gpt2Config Read(ConfigReader json, string file)
    {
        json.Expect("model_type", "gpt2");
        json.Expect("activation_function", "gelu_new", "gelu_pytorch_tanh");
        json.ExpectFlag("scale_attn_weights", expected: true);
        json.ExpectFlag("tie_word_embeddings", expected: true);
        json.ExpectFlag("add_cross_attention", expected: false);
        var config = new Gpt2Config
        {
            VocabularySize = json.Integer("vocab_size"),
            ContextLength = json.Integer("n_positions"),
            Width = json.Integer("n_embd"),
            Layers = json.Integer("n_layer"),
            Heads = json.Integer("n_head"),
            Dropout = json.Number("resid_pdrop", 0.1),
            LayerNormEpsilon = json.Number("layer_norm_epsilon", 1e-5),
            ScaleAttentionByInverseLayer = json.Flag("scale_attn_by_inverse_layer_idx", missing: false),
            Bidirectional = json.Flag(Bidirectional, missing: false),
        };
        if (json.Number("n_inner", 4 * config.Width) != 4 * config.Width)
        {
            json.Errors.Add($"n_inner: must be null or 4 * n_embd = {4 * config.Width}");
        }

        // Sizes that are missing have been reported already; zeros would only repeat it.
        var errors = json.Errors.Count > 0 ? json.Errors : config.Validate().ToList();
        return errors.Count == 0 ? config : throw new ModelFileException(file, string.Join("; ", errors));
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, _indented))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        return buffer.ToArray();
    }
}
