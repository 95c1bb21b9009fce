using CodeParrot.Corpus.Tokens;
using CodeParrot.Tokenizer;

namespace CodeParrot.Trainer.Stages;

/// <summary>Our tokenizer where the corpus library wants one. A document's text never forges an end of text.</summary>
internal sealed class TokenizerEncoder(BpeTokenizer tokenizer) : IDocumentEncoder
{
    public int VocabularySize => tokenizer.VocabularySize;

    public int EndOfTextId => tokenizer.EndOfTextId;

    public IReadOnlyDictionary<string, int> SpecialTokens => tokenizer.SpecialTokens;

    public string Digest => tokenizer.Digest;

    public void Encode(string document, List<int> ids) => tokenizer.Encode(document, ids, SpecialTokenHandling.AsText);
}
