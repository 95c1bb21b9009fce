namespace CodeParrot.Contract.Spec;

/// <summary>
/// The tokenizer of a run: exactly one of the two fields; neither means <see cref="Train"/> with its defaults.
/// </summary>
public sealed record TokenizerSpec
{
    /// <summary>Trains a byte-level BPE tokenizer on the corpus.</summary>
    public TokenizerTrainSpec? Train { get; init; }

    /// <summary>URI of a folder with tokenizer.json.</summary>
    public string? From { get; init; }
}
