namespace CodeParrot.Model;

/// <summary>A token id that the model has no embedding for: the text was encoded with another tokenizer.</summary>
public sealed class TokenOutOfRangeException(long id, int vocabularySize)
    : Exception(
        $"token id {id} is outside the model's vocabulary of {vocabularySize}: "
            + "encode the text with the model's own tokenizer"
    )
{
    /// <summary>The offending id.</summary>
    public long Id { get; } = id;

    /// <summary>Ids must be at least 0 and below this.</summary>
    public int VocabularySize { get; } = vocabularySize;
}
