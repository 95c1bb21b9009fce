using System.Diagnostics;

namespace CodeParrot.Corpus.Tokens;

/// <summary>
/// Stands where a tokenizer would for sources of ready-made ids: it only says which ids there may be.
/// </summary>
/// <param name="vocabularySize">Ids must be below it.</param>
public sealed class ReadyMadeIds(int vocabularySize) : IDocumentEncoder
{
    /// <inheritdoc/>
    public int VocabularySize { get; } = vocabularySize;

    /// <inheritdoc/>
    public int EndOfTextId => -1;

    /// <inheritdoc/>
    public string Digest => "";

    /// <inheritdoc/>
    public void Encode(string document, List<int> ids) =>
        throw new UnreachableException("a source of ready-made ids holds no text to encode");
}
