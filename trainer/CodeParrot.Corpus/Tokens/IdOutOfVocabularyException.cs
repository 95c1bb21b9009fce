namespace CodeParrot.Corpus.Tokens;

/// <summary>A ready-made id is not in the vocabulary.</summary>
public sealed class IdOutOfVocabularyException(string file, long line, int id, int vocabularySize)
    : CorpusException(
        $"{file}, line {line}: id {id} is not below the vocabulary size {vocabularySize}; name the tokenizer that made "
            + "the ids, or correct the vocabulary size"
    )
{
    /// <summary>Gets the file's key in the source.</summary>
    public string File => file;

    /// <summary>Gets the line, from 1.</summary>
    public long Line => line;

    /// <summary>Gets the id.</summary>
    public int Id => id;

    /// <summary>Gets the size of the vocabulary.</summary>
    public int VocabularySize => vocabularySize;
}
