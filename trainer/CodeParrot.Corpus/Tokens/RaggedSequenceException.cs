namespace CodeParrot.Corpus.Tokens;

/// <summary>A ready-made sequence, met while training, has not the length that training asks for.</summary>
public sealed class RaggedSequenceException(string file, long line, int tokens, int expected)
    : CorpusException(
        $"{file}, line {line}: a ready-made sequence of {tokens} tokens, but every one must have {expected}; set "
            + "model.contextLength to their length, or cut the lines to it"
    )
{
    /// <summary>Gets the file's key in the source.</summary>
    public string File => file;

    /// <summary>Gets the line, from 1.</summary>
    public long Line => line;
}
