namespace CodeParrot.Corpus.Tokens;

/// <summary>How a token corpus is written.</summary>
public sealed record TokenCorpusOptions
{
    /// <summary>Ids must be below this; decides between 2 and 4 bytes an id.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>What the documents are.</summary>
    public TokenKind Kind { get; init; } = TokenKind.Documents;

    /// <summary>Recorded in the manifest; the writer adds no ids itself.</summary>
    public int EndOfTextId { get; init; } = -1;

    /// <summary>The ids of the tokens that stand for no text, by name; for the manifest.</summary>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// A training shard is closed once it holds this many tokens; at least 1. The default makes 64 MiB of them.
    /// </summary>
    public long ShardTokens { get; init; } = 32 * 1024 * 1024;

    /// <summary>The digest of the tokenizer, for the manifest.</summary>
    public string TokenizerDigest { get; init; } = "";

    /// <summary>The hash of the corpus, for the manifest.</summary>
    public string CorpusHash { get; init; } = "";

    /// <summary>Recorded in the manifest: the training split is left out.</summary>
    public bool HeldOutOnly { get; init; }

    /// <summary>Where shards are written before they go to the store; needs room for two of them.</summary>
    public string WorkFolder { get; init; } = Path.GetTempPath();
}
