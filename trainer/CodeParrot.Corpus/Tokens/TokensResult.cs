namespace CodeParrot.Corpus.Tokens;

/// <summary>A token corpus that is complete in its store.</summary>
/// <param name="Prefix">Where it lies, below its corpus.</param>
/// <param name="WasBuilt">False when it was there already.</param>
/// <param name="Manifest">What tokens.json says.</param>
public sealed record TokensResult(string Prefix, bool WasBuilt, TokenManifest Manifest)
{
    /// <summary>Gets the tokens to train on.</summary>
    public long TrainTokens => Manifest.TokensOf(CorpusSplit.Train);

    /// <summary>Gets the held-out tokens.</summary>
    public long ValidationTokens => Manifest.TokensOf(CorpusSplit.Validation);

    /// <summary>Gets the documents, or ready-made sequences, to train on.</summary>
    public long TrainDocuments => Manifest.DocumentsOf(CorpusSplit.Train);

    /// <summary>Gets the held-out documents, or ready-made sequences.</summary>
    public long ValidationDocuments => Manifest.DocumentsOf(CorpusSplit.Validation);
}
