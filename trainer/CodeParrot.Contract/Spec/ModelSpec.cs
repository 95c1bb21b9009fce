namespace CodeParrot.Contract.Spec;

/// <summary>
/// Shape of the network: a preset, single numbers (which override the preset's), or a model to go on from.
/// </summary>
public sealed record ModelSpec
{
    /// <summary>gpt2, gpt2-medium, gpt2-large or gpt2-xl.</summary>
    public string? Preset { get; init; }

    /// <summary>Transformer blocks.</summary>
    public int? Layers { get; init; }

    /// <summary>Attention heads; must divide <see cref="Width"/>.</summary>
    public int? Heads { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public int? Width { get; init; }

    /// <summary>
    /// Tokens of one sequence, and the largest context at generation; the folder's own when <see cref="From"/> is
    /// set.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>Rows of the embedding; the tokenizer's vocabulary unless set.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Probability of dropping an activation, 0 to below 1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>URI of a Hugging Face folder to start from instead of fresh weights.</summary>
    public string? From { get; init; }
}
