namespace CodeParrot.Corpus;

/// <summary>A corpus that is complete in its store.</summary>
/// <param name="Prefix">Where it lies: <c>corpora/</c> and its hash.</param>
/// <param name="WasBuilt">False when it was there already.</param>
/// <param name="Manifest">What corpus.json says.</param>
public sealed record CorpusResult(string Prefix, bool WasBuilt, CorpusManifest Manifest)
{
    /// <summary>Gets what a person should know of how it was built; nothing, if all went as it should.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Gets the number of documents, both splits.</summary>
    public long Documents => Manifest.Counts.Kept;

    /// <summary>Gets the number of documents to train on.</summary>
    public long TrainDocuments => Manifest.DocumentsOf(CorpusSplit.Train);

    /// <summary>Gets the number of held-out documents.</summary>
    public long ValidationDocuments => Manifest.DocumentsOf(CorpusSplit.Validation);

    /// <summary>Gets the bytes of the kept texts in UTF-8.</summary>
    public long Bytes => Manifest.Counts.KeptBytes;
}
