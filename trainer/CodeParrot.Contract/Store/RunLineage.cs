namespace CodeParrot.Contract.Store;

/// <summary>
/// <c>lineage.json</c> of a run: what its stages made, each by its content-addressed key in the store.
/// </summary>
public sealed record RunLineage
{
    /// <summary>Prefix of the corpus: <c>corpora/&lt;hash&gt;</c>.</summary>
    public string Corpus { get; init; } = "";

    /// <summary>Prefix of the tokenizer: <c>tokenizers/&lt;hash&gt;</c>; empty for ready-made tokens.</summary>
    public string Tokenizer { get; init; } = "";

    /// <summary>Prefix of the token shards: <c>corpora/&lt;hash&gt;/tokens-&lt;hash&gt;</c>.</summary>
    public string Tokens { get; init; } = "";
}
