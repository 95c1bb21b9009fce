namespace CodeParrot.Corpus.Tokens;

/// <summary>What the documents of a token corpus are.</summary>
public enum TokenKind
{
    /// <summary>
    /// Documents joined into one stream, each followed by the end-of-text id; sequences are cut from the stream.
    /// </summary>
    Documents,

    /// <summary>Ready-made training sequences: sequence i is line i of the source.</summary>
    Sequences,
}
