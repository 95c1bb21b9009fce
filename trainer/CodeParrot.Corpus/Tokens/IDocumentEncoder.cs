namespace CodeParrot.Corpus.Tokens;

/// <summary>Turns documents into ids.</summary>
public interface IDocumentEncoder
{
    /// <summary>Gets the size of the vocabulary: ids are below it.</summary>
    int VocabularySize { get; }

    /// <summary>Gets the id put after every document.</summary>
    int EndOfTextId { get; }

    /// <summary>Gets the ids of the tokens that stand for no text, by name.</summary>
    IReadOnlyDictionary<string, int> SpecialTokens => NoSpecialTokens;

    private static readonly IReadOnlyDictionary<string, int> NoSpecialTokens = new Dictionary<string, int>();

    /// <summary>Gets what names this tokenizer: equal digests mean equal ids.</summary>
    string Digest { get; }

    /// <summary>Appends the ids of a document. Must be safe for concurrent use.</summary>
    void Encode(string document, List<int> ids);
}
