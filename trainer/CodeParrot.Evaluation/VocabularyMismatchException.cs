namespace CodeParrot.Evaluation;

/// <summary>A tokenizer does not belong to the model: it has tokens without an embedding.</summary>
public sealed class VocabularyMismatchException(int tokenizerSize, int modelSize)
    : Exception(
        $"the tokenizer has {tokenizerSize} tokens, but the model's vocabulary is {modelSize}: "
            + "use the tokenizer that the model was trained with"
    )
{
    /// <summary>Tokens of the tokenizer.</summary>
    public int TokenizerSize { get; } = tokenizerSize;

    /// <summary>Embeddings of the model.</summary>
    public int ModelSize { get; } = modelSize;
}
