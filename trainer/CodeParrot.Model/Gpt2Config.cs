namespace CodeParrot.Model;

/// <summary>
/// Sizes of a GPT-2 (Radford et al. 2019): pre-LayerNorm blocks, learned positions, tied output head.
/// </summary>
public sealed record Gpt2Config
{
    /// <summary>Number of token ids.</summary>
    public int VocabularySize { get; init; } = 32_768;

    /// <summary>Largest number of tokens the model sees at once.</summary>
    public int ContextLength { get; init; } = 1024;

    /// <summary>Width of the residual stream (C).</summary>
    public int Width { get; init; } = 768;

    /// <summary>Number of blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Attention heads per block; must divide <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Probability of dropping embeddings, attention weights and residual branches while training.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Added to the variance in every LayerNorm.</summary>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>
    /// Divides the attention scores of block i by i + 1 as well (the published CodeParrot models do).
    /// </summary>
    public bool ScaleAttentionByInverseLayer { get; init; }

    /// <summary>
    /// Lets every token see those after it as well, as BERT does (Devlin et al. 2018): for models that fill in masked
    /// tokens. Such a model cannot generate.
    /// </summary>
    public bool Bidirectional { get; init; }

    /// <summary>Width of one head (D).</summary>
    public int HeadSize => Width / Heads;

    /// <summary>Number of trained values; the output head shares the token embedding.</summary>
    public long ParameterCount
    {
        get
        {
            long width = Width;
            var embeddings = (VocabularySize + (long)ContextLength) * width;
            return embeddings + Layers * (12 * width * width + 13 * width) + 2 * width;
        }
    }

    /// <summary>Names that <see cref="Preset"/> knows.</summary>
    public static IReadOnlyList<string> PresetNames { get; } = ["gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"];

    /// <summary>One of GPT-2's four sizes with a vocabulary of 32,768 and a context of 1024.</summary>
    /// <param name="name">One of <see cref="PresetNames"/>.</param>
    /// <exception cref="ModelConfigurationException">There is no such preset.</exception>
    public static Gpt2Config Preset(string name) =>
        name switch
        {
            "gpt2" => new()
            {
                Layers = 12,
                Heads = 12,
                Width = 768,
            },
            "gpt2-medium" => new()
            {
                Layers = 24,
                Heads = 16,
                Width = 1024,
            },
            "gpt2-large" => new()
            {
                Layers = 36,
                Heads = 20,
                Width = 1280,
            },
            "gpt2-xl" => new()
            {
                Layers = 48,
                Heads = 25,
                Width = 1600,
            },
            _ => throw new ModelConfigurationException([
                $"preset: must be one of {string.Join(", ", PresetNames)}, was {name}",
            ]),
        };

    /// <summary>Yields every mistake with its field, what it must be and what it was; empty if all is well.</summary>
    public IEnumerable<string> Validate()
    {
        var counts = new (string Field, int Value)[]
        {
            ("vocabularySize", VocabularySize),
            ("contextLength", ContextLength),
            ("width", Width),
            ("layers", Layers),
            ("heads", Heads),
        };
        foreach (var (field, value) in counts)
        {
            if (value < 1)
            {
                yield return $"{field}: must be at least 1, was {value}";
            }
        }

        if (Heads > 0 && Width > 0 && Width % Heads != 0)
        {
            yield return $"heads: must divide width {Width}, was {Heads}";
        }

        if (!(Dropout >= 0 && Dropout < 1))
        {
            yield return $"dropout: must be at least 0 and below 1, was {Dropout}";
        }

        if (!(LayerNormEpsilon > 0))
        {
            yield return $"layerNormEpsilon: must be above 0, was {LayerNormEpsilon}";
        }
    }
}
