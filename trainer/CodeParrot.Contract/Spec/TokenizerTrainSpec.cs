namespace CodeParrot.Contract.Spec;

/// <summary>Training of a byte-level BPE tokenizer.</summary>
public sealed record TokenizerTrainSpec
{
    /// <summary>Tokens in all, 257 (bytes and end of text) to 65,536.</summary>
    public int VocabularySize { get; init; } = 32768;

    /// <summary>Documents that merges are learnt from, taken from the start of the corpus.</summary>
    public int Documents { get; init; } = 200000;
}
