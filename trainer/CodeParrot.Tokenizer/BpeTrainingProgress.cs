namespace CodeParrot.Tokenizer;

/// <summary>How far a training of a tokenizer is.</summary>
/// <param name="Documents">Documents counted.</param>
/// <param name="DistinctWords">Distinct words in them.</param>
/// <param name="VocabularySize">Tokens so far.</param>
/// <param name="TargetVocabularySize">Tokens wanted.</param>
public sealed record BpeTrainingProgress(
    long Documents,
    int DistinctWords,
    int VocabularySize,
    int TargetVocabularySize
);
